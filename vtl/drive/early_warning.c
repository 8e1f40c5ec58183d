/*
 * early_warning.c: where the loaded volume has its early warning, and whether
 * the tape is after it.
 *
 * The programmable early warning (pews) comes before it, once.  A run that
 * meets either of them stops after the block that did: write_run.c, with the
 * arithmetic of extent_fit.h.
 */
#include "vtl/drive/impl.h"

uint64_t drive_warning_byte(const struct drive *drive)
{
	uint64_t distance = volume_get_partition(drive->volume,
	    volume_get_active(drive->volume))
				->early_warning_bytes;

	if (!volume_get_spec(drive->volume)->has_early_warning ||
	    drive->options.no_early_warning)
		return EXTENT_FIT_NEVER;
	return distance < drive->capacity_bytes
	    ? drive->capacity_bytes - distance
	    : 0;
}

bool drive_is_past_warning(const struct drive *drive)
{
	uint64_t warning, byte, programmed = drive->options.pews_bytes;

	if (drive->volume == NULL)
		return false;
	warning = drive_warning_byte(drive);
	if (warning == EXTENT_FIT_NEVER)
		return false;
	byte = drive_medium_byte(drive, &drive->position);
	if (programmed > 0)
		return byte > (programmed < warning ? warning - programmed : 0);
	return byte > warning &&
	    (drive->options.early_warning_delay_blocks == 0 ||
		drive->zone_blocks > drive->options.early_warning_delay_blocks);
}

bool drive_is_past_early_warning(const struct drive *drive)
{
	return drive->volume != NULL &&
	    drive_medium_byte(drive, &drive->position) >
	    drive_warning_byte(drive);
}

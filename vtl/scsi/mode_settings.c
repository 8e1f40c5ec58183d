/* mode_settings.c: the modes of the unit, and how the drive follows them. */
#include "vtl/scsi/impl.h"

#include <string.h>

enum { MB = 1000000 };

/*
 * Returns the size of the programmable early warning zone (PEWS) with which the
 * drive was made, in MB.  It is rounded up, because 0 means that there is none.
 */
static uint16_t pews_mb(const struct scsi *unit)
{
	uint64_t bytes = unit->options.pews_bytes;
	uint64_t mb = bytes / MB + (bytes % MB != 0);

	return mb < UINT16_MAX ? (uint16_t)mb : UINT16_MAX;
}

void scsi_mode_apply(struct scsi *unit)
{
	struct drive_options options = unit->options;

	options.buffering =
	    unit->mode.buffered ? DRIVE_BUFFERED : DRIVE_UNBUFFERED;
	/*
	 * MODE SENSE reports a rounded size.  Setting that rounded size changes
	 * nothing.
	 */
	if (unit->mode.pews_mb != pews_mb(unit))
		options.pews_bytes = (uint64_t)unit->mode.pews_mb * MB;
	options.append_only = unit->mode.append_only;
	if (!unit->mode.compression) {
		options.zlib = false;
		options.layout.ratio_permille = 0;
		options.ratio_spread_permille = 0;
	}
	drive_set_options(unit->drive, &options);
}

void scsi_mode_defaults(const struct scsi *unit, struct scsi_mode *mode)
{
	const struct drive_options *o = &unit->options;

	memset(mode, 0, sizeof *mode);
	mode->buffered = o->buffering == DRIVE_BUFFERED;
	mode->compression = o->zlib || o->layout.ratio_permille != 0;
	mode->decompression = true;
	mode->pews_mb = pews_mb(unit);
	mode->append_only = o->append_only;
}

void scsi_mode_default(struct scsi *unit)
{
	unit->has_selected = false;
	scsi_mode_defaults(unit, &unit->mode);
	scsi_mode_apply(unit);
}

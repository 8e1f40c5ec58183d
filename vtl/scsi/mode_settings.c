/* mode_settings.c: the modes of the unit, and how the drive follows them. */
#include "vtl/scsi/impl.h"

#include <string.h>

enum { MB = 1000000, DS_NS = 100000000 };

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

/* Returns the write delay of the drive as it was made, in 100 ms. */
static uint16_t write_delay_ds(const struct scsi *unit)
{
	const struct drive_options *o = &unit->options;
	int64_t ns = o->has_write_delay
	    ? o->write_delay_ns
	    : drive_model(unit->drive)->write_delay_ns;
	int64_t ds = ns / DS_NS + (ns % DS_NS != 0);

	return ds < UINT16_MAX ? (uint16_t)ds : UINT16_MAX;
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
	options.write_protected = unit->mode.write_protected;
	if (unit->mode.write_delay_ds != write_delay_ds(unit)) {
		options.has_write_delay = true;
		options.write_delay_ns =
		    (int64_t)unit->mode.write_delay_ds * DS_NS;
	}
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
	mode->write_protected = o->write_protected;
	mode->write_delay_ds = write_delay_ds(unit);
}

void scsi_mode_default(struct scsi *unit)
{
	unit->has_selected = false;
	scsi_mode_defaults(unit, &unit->mode);
	scsi_mode_apply(unit);
}

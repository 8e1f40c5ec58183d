/* scsi_mode.c: modes and limits. */
#include "vtl/scsi_impl.h"

#include <string.h>

enum { MB = 1000000 };

static const struct sense bad_parameter = {
	SENSE_ILLEGAL_REQUEST, 0x26, 0, 0, 0
};

/* Begins a command that needs no medium. */
static bool begin(struct scsi *unit, int64_t now_ns,
    struct scsi_answer *answer)
{
	if (scsi_ready(unit, now_ns, answer))
		return true;
	if (answer->sense.sense.key == SENSE_UNIT_ATTENTION)
		return false;
	scsi_answer_init(answer, now_ns);
	return true;
}

void scsi_read_block_limits(struct scsi *unit, struct scsi_limits *limits,
    int64_t now_ns, struct scsi_answer *answer)
{
	limits->block_min_bytes = 1;
	limits->block_max_bytes = drive_model(unit->drive)->block_max_bytes;
	begin(unit, now_ns, answer);
}

void scsi_mode_sense(struct scsi *unit, struct scsi_mode *mode,
    int64_t now_ns, struct scsi_answer *answer)
{
	const struct volume *volume = drive_volume(unit->drive);

	*mode = unit->mode;
	mode->protected = volume != NULL &&
	    (drive_media_use(unit->drive) == MEDIA_READ ||
	    volume_is_protected(volume));
	begin(unit, now_ns, answer);
}

/* Has the drive work in these modes. */
static void apply(struct scsi *unit)
{
	struct drive_options options = unit->options;

	options.buffered = unit->mode.buffered;
	options.programmed_bytes = (uint64_t)unit->mode.programmed_mb * MB;
	if (!unit->mode.compression) {
		options.zlib = false;
		options.layout.ratio_permille = 0;
		options.ratio_spread_permille = 0;
	}
	drive_set_options(unit->drive, &options);
}

void scsi_mode_select(struct scsi *unit, const struct scsi_mode *mode,
    int64_t now_ns, struct scsi_answer *answer)
{
	const struct model *model = drive_model(unit->drive);
	struct drive_answer a;
	bool ready;

	if (!begin(unit, now_ns, answer))
		return;
	if (mode->block_bytes > model->block_max_bytes ||
	    (mode->density != 0 && mode->density != model->density)) {
		scsi_fail(answer, &bad_parameter);
		return;
	}
	/* Modes can be set without a medium, or a position on it, too. */
	ready = drive_is_ready(unit->drive);
	drive_flush(unit->drive, now_ns, &a);
	if (ready || a.deferred)
		scsi_take(unit, SCSI_OTHER, &a, answer);
	if (answer->check)
		return;
	unit->mode = *mode;
	unit->mode.density = model->density;
	apply(unit);
}

/*
 * state.c: the state of a drive: its position, and the states that errors lead
 * to.
 *
 * Nothing here writes to the volume or to the buffer.
 */
#include "vtl/drive/impl.h"

static const struct sense lost = { SENSE_MEDIUM_ERROR, 0x3b, 0, 0, 0 };

void drive_fail(struct drive_result *result, const struct sense *sense)
{
	result->check = true;
	result->sense = *sense;
}

int64_t drive_begin_ns(const struct drive *drive, int64_t now_ns)
{
	return now_ns < drive->answered_ns ? drive->answered_ns : now_ns;
}

void drive_add_ns(struct drive_result *result, int64_t take_ns)
{
	result->done_ns = later_add(result->done_ns, take_ns);
}

uint64_t drive_medium_byte(const struct drive *drive,
    const struct volume_position *position)
{
	return extent_fit_medium_byte(&drive->layout,
	    drive->options.zlib ? drive_compressed_before(drive, position)
				: position->byte,
	    position->object - position->file, position->file);
}

bool drive_is_reset(const struct sense *sense)
{
	return sense->key == SENSE_UNIT_ATTENTION && sense->asc == 0x29;
}

void drive_enter_error_state(struct drive *drive, const struct sense *sense)
{
	if (drive->state == DRIVE_INCOMPATIBLE)
		return;
	drive->error = *sense;
	if (sense->key == SENSE_HARDWARE_ERROR)
		drive->state = DRIVE_FAILED;
	else if (drive_is_reset(sense) ||
	    (sense->key == SENSE_MEDIUM_ERROR && sense->asc == 0x3b))
		drive->state = DRIVE_LOST;
	/*
	 * A reset is reported once as a unit attention.  Later commands get
	 * this error.
	 */
	if (drive_is_reset(sense))
		drive->error = lost;
	if (sense->key == SENSE_VOLUME_OVERFLOW)
		drive->overflowed = true;
}

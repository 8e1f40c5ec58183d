/* failure.c: what a defect, a fault or a full disk does to the drive. */
#include "vtl/drive/impl.h"
#include "vtl/drive/put_back.h"

static const struct sense write_error = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 };
static const struct sense power_on = { SENSE_UNIT_ATTENTION, 0x29, 0, 0, 0 };

void drive_storage_failed(struct drive *drive, struct drive_result *result)
{
	drive_buffer_drop(drive, &write_error, result->done_ns);
	drive_fail(result, &write_error);
	result->deferred = true;
	result->bytes = 0;
	result->detail = volume_message(drive->volume);
	result->storage = true;
	volume_end(drive->volume, &drive->position);
	drive->is_moved = true;
	drive_compression_forget(drive->compression, drive->position.object);
}

void drive_apply_defect(struct drive *drive, const struct volume_defect *defect,
    struct drive_result *result)
{
	struct sense sense = defect->sense;

	sense.eom =
	    sense.key == SENSE_VOLUME_OVERFLOW || drive_is_past_warning(drive);
	drive_fail(result, &sense);
	drive_enter_error_state(drive, &sense);
	if (drive_defect_strike(drive, defect,
		drive_medium_byte(drive, &drive->position)) != 0)
		drive_storage_failed(drive, result);
}

void drive_keep_error(struct drive *drive, const struct drive_result *flushed)
{
	if (drive->volume == NULL || !flushed->check)
		return;
	if (flushed->deferred) {
		drive->has_pending = true;
		drive->pending = flushed->sense;
		/* The message of the volume went when that was closed. */
		drive->pending_detail =
		    flushed->storage ? "the volume could not be stored" : NULL;
		drive->lost_blocks = flushed->lost_blocks;
		drive->lost_bytes = flushed->lost_bytes;
	}
	/* A position that was lost is known: the beginning of the tape. */
	if (flushed->sense.key == SENSE_HARDWARE_ERROR)
		drive_enter_error_state(drive, &flushed->sense);
}

/* Discards the buffer.  No deferred error reports the loss. */
static void lose_buffer(struct drive *drive, int64_t now_ns)
{
	drive_buffer_drop(drive, &power_on, now_ns);
	drive->has_pending = false;
	drive->lost_blocks = drive->lost_bytes = 0;
}

/*
 * Resets the drive: the buffer and the position are lost.  The drive looks for
 * its position from the beginning of the tape, so it is in partition 0; if the
 * volume cannot be synchronised now, the next command finds that.
 */
static void reset(struct drive *drive, int64_t now_ns)
{
	lose_buffer(drive, now_ns);
	if (drive->state != DRIVE_INCOMPATIBLE)
		drive_select(drive, 0);
	drive_enter_error_state(drive, &power_on);
}

/* Moves the tape to an object without reporting it. */
static void move(struct drive *drive, uint64_t object)
{
	struct volume_position position;

	volume_end(drive->volume, &position);
	if (object < position.object &&
	    volume_find_object(drive->volume, object, &position) != 0)
		return;
	drive->position = position;
	drive->is_elsewhere = false;
	drive->is_moved = true;
	drive->overflowed = drive->miscounted = false;
	drive->zone_blocks = 0;
	drive_compression_forget(drive->compression, position.object);
}

bool drive_fault_moves_tape(const struct drive_fault *fault)
{
	return fault != NULL &&
	    (fault->mode == DRIVE_FAULT_MOVE ||
		fault->mode == DRIVE_FAULT_SILENT_RESET);
}

bool drive_apply_fault(struct drive *drive, const struct drive_fault *fault,
    struct drive_result *result)
{
	struct sense sense;

	if (fault == NULL)
		return false;
	switch (fault->mode) {
	case DRIVE_FAULT_FAIL:
		sense = fault->sense;
		sense.eom |= sense.key == SENSE_VOLUME_OVERFLOW ||
		    drive_is_past_warning(drive);
		drive_fail(result, &sense);
		if (sense.key == SENSE_NO_SENSE || sense.key == SENSE_RECOVERED)
			return false;
		if (drive_is_reset(&sense))
			reset(drive, result->done_ns);
		else
			drive_enter_error_state(drive, &sense);
		return true;
	case DRIVE_FAULT_HANG:
		drive_add_ns(result,
		    fault->duration_ns > 0 ? fault->duration_ns
					   : drive_host_timeout_ns(fault->op));
		/* fallthrough */
	case DRIVE_FAULT_RESET:
		reset(drive, result->done_ns);
		drive_fail(result, &power_on);
		return true;
	case DRIVE_FAULT_MOVE:
		drive_buffer_flush(drive, result);
		move(drive, fault->to_object);
		return false;
	case DRIVE_FAULT_SILENT_RESET:
		lose_buffer(drive, result->done_ns);
		drive_select(drive, 0);
		move(drive, 0);
		return false;
	default:
		return false;
	}
}

void drive_power_loss(struct drive *drive, int64_t now_ns)
{
	if (drive->state == DRIVE_EMPTY)
		return;
	drive_buffer_advance(drive, later_add(now_ns, 1));
	reset(drive, now_ns);
}

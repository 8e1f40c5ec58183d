/* strike.c: what a defect, a fault or a full disk does to the drive. */
#include "vtl/drive/impl.h"

static const struct sense write_error = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 };
static const struct sense power_on = { SENSE_UNIT_ATTENTION, 0x29, 0, 0, 0 };

void drive_lose(struct drive *drive, struct drive_answer *answer)
{
	drive_buffer_drop(drive, &write_error);
	drive_fail(answer, &write_error);
	answer->deferred = true;
	answer->bytes = 0;
	answer->detail = volume_message(drive->volume);
	answer->storage = true;
	volume_end(drive->volume, &drive->place);
	drive_packed_forget(drive->packed, drive->place.object);
}

void drive_strike(struct drive *drive, const struct volume_defect *defect,
    struct drive_answer *answer)
{
	struct sense sense = defect->sense;

	sense.eom =
	    sense.key == SENSE_VOLUME_OVERFLOW || drive_is_past_warning(drive);
	drive_fail(answer, &sense);
	drive_suffer(drive, &sense);
	if (volume_defect_spend(drive->volume, defect) != 0)
		drive_lose(drive, answer);
}

/* What was in the buffer is lost; no deferred error tells of it. */
static void lose_buffer(struct drive *drive)
{
	drive_buffer_drop(drive, &power_on);
	drive->has_pending = false;
	drive->lost_blocks = drive->lost_bytes = 0;
}

/* The buffer is lost, and so is the place. */
static void reset(struct drive *drive)
{
	lose_buffer(drive);
	drive_suffer(drive, &power_on);
}

/* The tape is elsewhere, and nothing reports it. */
static void move(struct drive *drive, uint64_t object)
{
	struct volume_place place;

	volume_end(drive->volume, &place);
	if (object < place.object &&
	    volume_find_object(drive->volume, object, &place) != 0)
		return;
	drive->place = place;
	drive->overflowed = drive->miscounted = false;
	drive->zone_blocks = 0;
	drive_packed_forget(drive->packed, place.object);
}

bool drive_moves(const struct drive_fault *fault)
{
	return fault != NULL &&
	    (fault->how == DRIVE_MOVE || fault->how == DRIVE_SILENT_RESET);
}

bool drive_meet(struct drive *drive, const struct drive_fault *fault,
    struct drive_answer *answer)
{
	struct sense sense;

	if (fault == NULL)
		return false;
	switch (fault->how) {
	case DRIVE_FAIL:
		sense = fault->sense;
		sense.eom |= drive_is_past_warning(drive);
		drive_fail(answer, &sense);
		if (sense.key == SENSE_NO_SENSE || sense.key == SENSE_RECOVERED)
			return false;
		if (drive_is_reset(&sense))
			reset(drive);
		else
			drive_suffer(drive, &sense);
		return true;
	case DRIVE_HANG:
		drive_add_ns(answer,
		    fault->hang_ns > 0 ? fault->hang_ns
				       : drive_patience_ns(fault->op));
		/* fallthrough */
	case DRIVE_RESET:
		reset(drive);
		drive_fail(answer, &power_on);
		return true;
	case DRIVE_MOVE:
		drive_buffer_flush(drive, answer);
		move(drive, fault->to_object);
		return false;
	case DRIVE_SILENT_RESET:
		lose_buffer(drive);
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
	drive_buffer_advance(drive, now_ns);
	reset(drive);
}

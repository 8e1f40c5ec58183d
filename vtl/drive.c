/* drive.c: the drive; its invariants and states are in drive.h. */
#include "vtl/drive.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/reach.h"

enum state { EMPTY, READY, LOST, FAILED };

struct drive {
	const struct model *model;
	struct volume *volume;
	enum state state;
	struct sense trouble;	/* what led to LOST or FAILED */
	struct volume_place place;
	bool overflowed;	/* and not moved since */
	uint64_t carry;		/* of the transfer time: below a nanosecond */
};

static const struct sense no_medium = { SENSE_NOT_READY, 0x3a, 0, 0, 0 };
static const struct sense warning = { SENSE_NO_SENSE, 0, 2, true, false };
static const struct sense overflow = { SENSE_VOLUME_OVERFLOW, 0, 2, true, 0 };
static const struct sense write_error = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 };
static const struct sense read_error = { SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 };
static const struct sense protected = { SENSE_DATA_PROTECT, 0x27, 0, 0, 0 };
static const struct sense bad_field = { SENSE_ILLEGAL_REQUEST, 0x24, 0, 0, 0 };
static const struct sense too_long = { SENSE_ILLEGAL_REQUEST, 0, 0, 0, 0 };
static const struct sense filemark = { SENSE_NO_SENSE, 0, 1, false, true };
static const struct sense end_of_data = { SENSE_BLANK_CHECK, 0, 5, 0, 0 };

struct drive *drive_new(const struct model *model)
{
	struct drive *drive = calloc(1, sizeof *drive);

	if (drive != NULL)
		drive->model = model;
	return drive;
}

void drive_free(struct drive *drive)
{
	assert(drive == NULL || drive->state == EMPTY);
	free(drive);
}

const struct model *drive_model(const struct drive *drive)
{
	return drive->model;
}

struct volume *drive_volume(const struct drive *drive)
{
	return drive->volume;
}

void drive_position(const struct drive *drive, struct volume_place *place)
{
	*place = drive->place;
}

static uint64_t warning_byte(const struct drive *drive)
{
	const struct volume_spec *spec = volume_spec(drive->volume);

	return spec->has_early_warning ?
	    spec->capacity_bytes - spec->early_warning_bytes : REACH_NEVER;
}

bool drive_is_past_warning(const struct drive *drive)
{
	return drive->volume != NULL &&
	    drive->place.byte > warning_byte(drive);
}

static void fail(struct drive_answer *answer, const struct sense *sense)
{
	answer->check = true;
	answer->sense = *sense;
}

/*
 * Begins an answer; false if the state of the drive is the answer.  `moves`
 * says that the command finds a position that was lost.
 */
static bool begin(const struct drive *drive, bool moves, int64_t now_ns,
    struct drive_answer *answer)
{
	memset(answer, 0, sizeof *answer);
	answer->done_ns = now_ns;
	if (drive->state == EMPTY)
		fail(answer, &no_medium);
	else if (drive->state == FAILED || (drive->state == LOST && !moves))
		fail(answer, &drive->trouble);
	return !answer->check;
}

/* The time of a transfer; what is lost by rounding goes to the next one. */
static int64_t transfer_ns(struct drive *drive, uint64_t bytes)
{
	const uint64_t s = 1000000000, rate = drive->model->rate_bytes_per_s;
	uint64_t part;

	if (rate == 0)
		return 0;
	assert(rate < UINT64_MAX / s - 1);
	part = bytes % rate * s + drive->carry;
	drive->carry = part % rate;
	return (int64_t)(bytes / rate * s + part / rate);
}

static bool same(const struct volume_place *a, const struct volume_place *b)
{
	return a->object == b->object;
}

/* Goes to a place, in the time that this takes. */
static void move(struct drive *drive, const struct volume_place *to,
    struct drive_answer *answer)
{
	if (!same(&drive->place, to) || drive->state == LOST)
		answer->done_ns += drive->model->rewind_ns;
	drive->place = *to;
	drive->overflowed = false;
	drive->state = READY;
}

/* The volume could not store something: it is at its last commit again. */
static void lose(struct drive *drive, struct drive_answer *answer)
{
	fail(answer, &write_error);
	answer->deferred = true;
	answer->bytes = 0;
	answer->detail = volume_message(drive->volume);
	volume_end(drive->volume, &drive->place);
}

void drive_load(struct drive *drive, struct volume *volume, int64_t now_ns,
    struct drive_answer *answer)
{
	assert(drive->state == EMPTY);
	memset(answer, 0, sizeof *answer);
	drive->state = READY;
	drive->volume = volume;
	drive->carry = 0;
	drive->overflowed = false;
	memset(&drive->place, 0, sizeof drive->place);
	answer->done_ns = now_ns + drive->model->load_ns;
}

struct volume *drive_unload(struct drive *drive, int64_t now_ns,
    struct drive_answer *answer)
{
	static const struct volume_place bot;
	struct volume *volume = drive->volume;

	begin(drive, true, now_ns, answer);
	if (drive->state == EMPTY)
		return NULL;
	if (drive->state != FAILED) {
		if (!volume_is_protected(volume) && volume_sync(volume) != 0)
			lose(drive, answer);
		move(drive, &bot, answer);
	}
	answer->done_ns += drive->model->unload_ns;
	drive->volume = NULL;
	drive->state = EMPTY;
	drive->place = bot;
	return volume;
}

void drive_rewind(struct drive *drive, int64_t now_ns,
    struct drive_answer *answer)
{
	static const struct volume_place bot;

	if (begin(drive, true, now_ns, answer))
		move(drive, &bot, answer);
}

/* A block covered a defect: what that makes of the drive. */
static void strike(struct drive *drive, const struct volume_defect *defect,
    struct drive_answer *answer)
{
	struct sense sense = defect->sense;

	sense.eom = sense.key == SENSE_VOLUME_OVERFLOW ||
	    drive_is_past_warning(drive);
	fail(answer, &sense);
	drive->trouble = sense;
	if (sense.key == SENSE_HARDWARE_ERROR)
		drive->state = FAILED;
	else if ((sense.key == SENSE_UNIT_ATTENTION && sense.asc == 0x29) ||
	    (sense.key == SENSE_MEDIUM_ERROR && sense.asc == 0x3b))
		drive->state = LOST;
	else if (sense.key == SENSE_VOLUME_OVERFLOW)
		drive->overflowed = true;
	if (volume_defect_spend(drive->volume, defect) != 0)
		lose(drive, answer);
}

/* Puts the front of the run on tape, and cuts off what was there.  0 or -1. */
static int put(struct drive *drive, const struct volume_run *run,
    uint64_t bytes, struct drive_answer *answer)
{
	struct volume_run front = *run;

	front.bytes = bytes;
	if (volume_cut(drive->volume, &drive->place) != 0 ||
	    (bytes > 0 && volume_append(drive->volume, &front) != 0)) {
		lose(drive, answer);
		return -1;
	}
	volume_end(drive->volume, &drive->place);
	answer->bytes = bytes;
	answer->done_ns += transfer_ns(drive, bytes);
	return 0;
}

static bool may_write(const struct drive *drive, struct drive_answer *answer)
{
	if (volume_is_protected(drive->volume))
		fail(answer, &protected);
	return !answer->check;
}

/* How far the run gets; `defect` is the first in its way, or NULL. */
static enum reach_end reach(const struct drive *drive,
    const struct volume_run *run, const struct volume_defect *defect,
    uint64_t *bytes)
{
	const struct reach_medium medium = {
		.at_byte = drive->place.byte,
		.capacity_bytes = volume_spec(drive->volume)->capacity_bytes,
		.warning_byte = warning_byte(drive),
		.defect_byte = defect != NULL ? defect->at_byte :
		    REACH_NEVER,
	};

	*bytes = 0;
	return drive->overflowed ? REACH_OVERFLOW :
	    reach_run(&medium, run->bytes, run->block_bytes, bytes);
}

void drive_write(struct drive *drive, const struct volume_run *run,
    int64_t now_ns, struct drive_answer *answer)
{
	const struct volume_defect *defect;
	enum reach_end end;
	uint64_t bytes;

	if (!begin(drive, false, now_ns, answer) ||
	    !may_write(drive, answer) || run->bytes == 0)
		return;
	if (run->block_bytes == 0 ||
	    run->block_bytes > drive->model->block_max_bytes) {
		fail(answer, &bad_field);
		return;
	}
	defect = volume_defect_in(drive->volume, drive->place.byte,
	    drive->place.byte + run->bytes);
	end = reach(drive, run, defect, &bytes);
	if ((bytes > 0 || end == REACH_DEFECT) &&
	    put(drive, run, bytes, answer) != 0)
		return;
	switch (end) {
	case REACH_ALL:
		break;
	case REACH_WARNING:
		fail(answer, &warning);
		break;
	case REACH_OVERFLOW:
		fail(answer, &overflow);
		drive->overflowed = true;
		break;
	case REACH_DEFECT:
		strike(drive, defect, answer);
		break;
	}
}

void drive_write_filemarks(struct drive *drive, uint64_t count,
    bool immediate, int64_t now_ns, struct drive_answer *answer)
{
	if (!begin(drive, false, now_ns, answer) || !may_write(drive, answer))
		return;
	if (count > 0) {
		if (volume_cut(drive->volume, &drive->place) != 0 ||
		    volume_append_filemarks(drive->volume, count) != 0) {
			lose(drive, answer);
			return;
		}
		volume_end(drive->volume, &drive->place);
	}
	if (!immediate) {
		if (volume_sync(drive->volume) != 0) {
			lose(drive, answer);
			return;
		}
		answer->done_ns += drive->model->filemark_ns;
	}
	if (count > 0 && drive_is_past_warning(drive))
		fail(answer, &warning);
}

void drive_read(struct drive *drive, void *buf, uint64_t buf_bytes,
    struct volume_object *object, int64_t now_ns,
    struct drive_answer *answer)
{
	int rc;

	memset(object, 0, sizeof *object);
	if (!begin(drive, false, now_ns, answer))
		return;
	rc = volume_read(drive->volume, drive->place.object, buf, buf_bytes,
	    object);
	if (rc != 0) {
		fail(answer, &read_error);
		answer->detail = volume_message(drive->volume);
		if (object->bytes == 0)
			return;		/* what lies here is not known */
	} else if (object->kind == VOLUME_EOD) {
		fail(answer, &end_of_data);
		return;
	} else if (object->kind == VOLUME_FILEMARK) {
		fail(answer, &filemark);
		drive->place.file++;
	} else if (buf != NULL && object->bytes > buf_bytes) {
		fail(answer, &too_long);
	} else {
		answer->bytes = object->bytes;
	}
	drive->place.object++;
	drive->place.byte += object->bytes;
	drive->overflowed = false;
	answer->done_ns += transfer_ns(drive, object->bytes);
}

void drive_locate_file(struct drive *drive, uint64_t file, int64_t now_ns,
    struct drive_answer *answer)
{
	struct volume_place place;
	int found;

	if (!begin(drive, true, now_ns, answer))
		return;
	found = volume_find_file(drive->volume, file, &place);
	if (found < 0) {
		fail(answer, &read_error);
		answer->detail = volume_message(drive->volume);
		return;
	}
	if (found == 0) {
		fail(answer, &end_of_data);
		volume_end(drive->volume, &place);
	}
	move(drive, &place, answer);
}

void drive_space_eod(struct drive *drive, int64_t now_ns,
    struct drive_answer *answer)
{
	struct volume_place place;

	if (!begin(drive, true, now_ns, answer))
		return;
	volume_end(drive->volume, &place);
	move(drive, &place, answer);
}

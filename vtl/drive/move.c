/* move.c: locate and space. */
#include "vtl/drive/impl.h"

static const struct sense read_error = { SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 };
static const struct sense filemark = { SENSE_NO_SENSE, 0, 1, false, true };
static const struct sense end_of_data = { SENSE_BLANK_CHECK, 0, 5, 0, 0 };
static const struct sense bad_field = { SENSE_ILLEGAL_REQUEST, 0x24, 0, 0, 0 };
static const struct sense beginning = { SENSE_NO_SENSE, 0, 4, true, false };

/* Reports that the volume could not find a position. */
static void fail_to_find(struct drive *drive, struct drive_result *result)
{
	drive_fail(result, &read_error);
	result->detail = volume_message(drive->volume);
	result->storage = volume_is_storage_error(drive->volume);
}

/* Finds the end of data, where a defect may be. */
static void find_end(struct drive *drive, struct drive_result *result)
{
	if (drive_defect_end(drive, result) == DRIVE_READ_NOT_STORED)
		drive_storage_failed(drive, result);
}

/* Moves to EOD, because the requested position does not exist. */
static void stop_at_end(struct drive *drive, struct drive_result *result)
{
	struct volume_position end;

	drive_fail(result, &end_of_data);
	find_end(drive, result);
	volume_end(drive->volume, &end);
	drive_go(drive, &end, result);
}

/* Finds the place of a target in the active partition, and goes there. */
static void go_to(struct drive *drive, const struct drive_target *target,
    struct drive_result *result)
{
	struct volume_position to;
	int found = 1;

	volume_end(drive->volume, &to);
	switch (target->kind) {
	case DRIVE_TO_OBJECT:
		found = target->number <= to.object;
		if (found == 1 &&
		    volume_find_object(drive->volume, target->number, &to) != 0)
			found = -1;
		break;
	case DRIVE_TO_FILE:
		found = volume_find_file(drive->volume, target->number, &to);
		break;
	case DRIVE_TO_EOD:
		drive_go(drive, &to, result);
		find_end(drive, result);
		return;
	}
	if (found < 0)
		fail_to_find(drive, result);
	else if (found == 0)
		stop_at_end(drive, result);
	else
		drive_go(drive, &to, result);
}

static void locate(struct drive *drive, enum drive_op op,
    const struct drive_target *target, int64_t now_ns,
    struct drive_result *result)
{
	static const struct volume_position bop;

	if (!drive_begin(drive, op, true, now_ns, result))
		return;
	if (target->changes_partition &&
	    target->partition >= volume_partitions(drive->volume)) {
		drive_fail(result, &bad_field);
		return;
	}
	if (target->changes_partition &&
	    drive_select(drive, target->partition) != 0) {
		drive_storage_failed(drive, result);
		return;
	}
	go_to(drive, target, result);
	/* The volume is damaged: the drive is where it could get to. */
	if (drive->is_elsewhere)
		drive_go(drive, &bop, result);
}

void drive_locate(struct drive *drive, const struct drive_target *target,
    int64_t now_ns, struct drive_result *result)
{
	locate(drive,
	    target->kind == DRIVE_TO_EOD && !target->changes_partition
		? DRIVE_SPACE
		: DRIVE_LOCATE,
	    target, now_ns, result);
}

void drive_locate_file(struct drive *drive, uint64_t file, int64_t now_ns,
    struct drive_result *result)
{
	const struct drive_target target = { .kind = DRIVE_TO_FILE,
		.number = file };

	locate(drive, DRIVE_LOCATE, &target, now_ns, result);
}

void drive_space_eod(struct drive *drive, int64_t now_ns,
    struct drive_result *result)
{
	const struct drive_target target = { .kind = DRIVE_TO_EOD };

	locate(drive, DRIVE_SPACE, &target, now_ns, result);
}

void drive_locate_object(struct drive *drive, uint64_t object, int64_t now_ns,
    struct drive_result *result)
{
	const struct drive_target target = { .kind = DRIVE_TO_OBJECT,
		.number = object };

	locate(drive, DRIVE_LOCATE, &target, now_ns, result);
}

/* Finds the first position of a file, which must exist.  Returns 0 or -1. */
static int begin_of_file(struct drive *drive, uint64_t file,
    struct volume_position *position)
{
	return volume_find_file(drive->volume, file, position) == 1 ? 0 : -1;
}

static void forward_blocks(struct drive *drive, uint64_t count, uint64_t *left,
    struct drive_result *result)
{
	struct volume_position to, end;
	uint64_t stop;

	volume_end(drive->volume, &end);
	to = end;
	if (drive->position.file < end.file &&
	    begin_of_file(drive, drive->position.file + 1, &to) != 0) {
		fail_to_find(drive, result);
		return;
	}
	/*
	 * `stop` is the object number of the filemark after these blocks, or of
	 * EOD.
	 */
	stop = drive->position.file < end.file ? to.object - 1 : end.object;
	if (count <= stop - drive->position.object) {
		*left = 0;
		if (volume_find_object(drive->volume,
			drive->position.object + count, &to) != 0)
			fail_to_find(drive, result);
		else
			drive_go(drive, &to, result);
		return;
	}
	*left = count - (stop - drive->position.object);
	if (drive->position.file == end.file) {
		stop_at_end(drive, result);
		return;
	}
	drive_fail(result, &filemark);
	drive_go(drive, &to, result);
}

static void back_blocks(struct drive *drive, uint64_t count, uint64_t *left,
    struct drive_result *result)
{
	struct volume_position to;
	uint64_t before;

	if (begin_of_file(drive, drive->position.file, &to) != 0) {
		fail_to_find(drive, result);
		return;
	}
	before = drive->position.object - to.object;
	if (count <= before) {
		*left = 0;
		if (volume_find_object(drive->volume,
			drive->position.object - count, &to) != 0)
			fail_to_find(drive, result);
		else
			drive_go(drive, &to, result);
		return;
	}
	*left = count - before;
	drive_fail(result, to.file > 0 ? &filemark : &beginning);
	if (to.file > 0) {
		to.object--;
		to.file--;
	}
	drive_go(drive, &to, result);
}

void drive_space_blocks(struct drive *drive, int64_t count, uint64_t *left,
    int64_t now_ns, struct drive_result *result)
{
	*left = count < 0 ? -(uint64_t)count : (uint64_t)count;
	if (!drive_begin(drive, DRIVE_SPACE, false, now_ns, result))
		return;
	if (count > 0)
		forward_blocks(drive, *left, left, result);
	else if (count < 0)
		back_blocks(drive, *left, left, result);
}

void drive_space_filemarks(struct drive *drive, int64_t count, uint64_t *left,
    int64_t now_ns, struct drive_result *result)
{
	static const struct volume_position bot;
	struct volume_position to;
	uint64_t file, most;

	*left = count < 0 ? -(uint64_t)count : (uint64_t)count;
	if (!drive_begin(drive, DRIVE_SPACE, false, now_ns, result) ||
	    count == 0)
		return;
	file = drive->position.file;
	volume_end(drive->volume, &to);
	most = count < 0 ? file : to.file - file;
	if (*left > most) {
		*left -= most;
		if (count > 0) {
			stop_at_end(drive, result);
			return;
		}
		drive_fail(result, &beginning);
		drive_go(drive, &bot, result);
		return;
	}
	/* Spacing back stops before the last filemark that was passed. */
	file = count > 0 ? file + *left : file - *left + 1;
	if (begin_of_file(drive, file, &to) != 0) {
		fail_to_find(drive, result);
		return;
	}
	*left = 0;
	if (count < 0) {
		to.object--;
		to.file--;
	}
	drive_go(drive, &to, result);
}

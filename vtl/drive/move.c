/* move.c: locate and space. */
#include "vtl/drive/impl.h"

static const struct sense read_error = { SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 };
static const struct sense filemark = { SENSE_NO_SENSE, 0, 1, false, true };
static const struct sense end_of_data = { SENSE_BLANK_CHECK, 0, 5, 0, 0 };
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

void drive_locate_file(struct drive *drive, uint64_t file, int64_t now_ns,
    struct drive_result *result)
{
	struct volume_position position;
	int found;

	if (!drive_begin(drive, DRIVE_LOCATE, true, now_ns, result))
		return;
	found = volume_find_file(drive->volume, file, &position);
	if (found < 0)
		fail_to_find(drive, result);
	else if (found == 0)
		stop_at_end(drive, result);
	else
		drive_go(drive, &position, result);
}

void drive_space_eod(struct drive *drive, int64_t now_ns,
    struct drive_result *result)
{
	struct volume_position position;

	if (!drive_begin(drive, DRIVE_SPACE, true, now_ns, result))
		return;
	volume_end(drive->volume, &position);
	drive_go(drive, &position, result);
	find_end(drive, result);
}

void drive_locate_object(struct drive *drive, uint64_t object, int64_t now_ns,
    struct drive_result *result)
{
	struct volume_position position;

	if (!drive_begin(drive, DRIVE_LOCATE, true, now_ns, result))
		return;
	volume_end(drive->volume, &position);
	if (object > position.object)
		stop_at_end(drive, result);
	else if (volume_find_object(drive->volume, object, &position) != 0)
		fail_to_find(drive, result);
	else
		drive_go(drive, &position, result);
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

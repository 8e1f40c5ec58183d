/* drive_move.c: going to a file, an object, the end, or so many on. */
#include "vtl/drive/impl.h"

static const struct sense read_error = { SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 };
static const struct sense filemark = { SENSE_NO_SENSE, 0, 1, false, true };
static const struct sense end_of_data = { SENSE_BLANK_CHECK, 0, 5, 0, 0 };
static const struct sense beginning = { SENSE_NO_SENSE, 0, 4, true, false };

/* The volume could not say where something lies. */
static void lost_sight(struct drive *drive, struct drive_answer *answer)
{
	drive_fail(answer, &read_error);
	answer->detail = volume_message(drive->volume);
	answer->storage = volume_machine_failed(drive->volume);
}

/* Looks for the end of data, where a defect may be. */
static void find_end(struct drive *drive, struct drive_answer *answer)
{
	if (drive_defect_end(drive, answer) == DRIVE_READ_NOT_STORED)
		drive_lose(drive, answer);
}

/* Goes to EOD, which is not what was asked for. */
static void stop_at_end(struct drive *drive, struct drive_answer *answer)
{
	struct volume_place end;

	drive_fail(answer, &end_of_data);
	find_end(drive, answer);
	volume_end(drive->volume, &end);
	drive_go(drive, &end, answer);
}

void drive_locate_file(struct drive *drive, uint64_t file, int64_t now_ns,
    struct drive_answer *answer)
{
	struct volume_place place;
	int found;

	if (!drive_begin(drive, DRIVE_LOCATE, true, now_ns, answer))
		return;
	found = volume_find_file(drive->volume, file, &place);
	if (found < 0)
		lost_sight(drive, answer);
	else if (found == 0)
		stop_at_end(drive, answer);
	else
		drive_go(drive, &place, answer);
}

void drive_space_eod(struct drive *drive, int64_t now_ns,
    struct drive_answer *answer)
{
	struct volume_place place;

	if (!drive_begin(drive, DRIVE_SPACE, true, now_ns, answer))
		return;
	volume_end(drive->volume, &place);
	drive_go(drive, &place, answer);
	find_end(drive, answer);
}

void drive_locate_object(struct drive *drive, uint64_t object, int64_t now_ns,
    struct drive_answer *answer)
{
	struct volume_place place;

	if (!drive_begin(drive, DRIVE_LOCATE, true, now_ns, answer))
		return;
	volume_end(drive->volume, &place);
	if (object > place.object)
		stop_at_end(drive, answer);
	else if (volume_find_object(drive->volume, object, &place) != 0)
		lost_sight(drive, answer);
	else
		drive_go(drive, &place, answer);
}

/* Where the file that begins with this filemark behind it begins.  0 or -1. */
static int begin_of_file(struct drive *drive, uint64_t file,
    struct volume_place *place)
{
	return volume_find_file(drive->volume, file, place) == 1 ? 0 : -1;
}

static void forward_blocks(struct drive *drive, uint64_t count, uint64_t *left,
    struct drive_answer *answer)
{
	struct volume_place to, end;
	uint64_t stop;

	volume_end(drive->volume, &end);
	to = end;
	if (drive->place.file < end.file &&
	    begin_of_file(drive, drive->place.file + 1, &to) != 0) {
		lost_sight(drive, answer);
		return;
	}
	/* The blocks before the filemark, or EOD. */
	stop = drive->place.file < end.file ? to.object - 1 : end.object;
	if (count <= stop - drive->place.object) {
		*left = 0;
		if (volume_find_object(drive->volume,
			drive->place.object + count, &to) != 0)
			lost_sight(drive, answer);
		else
			drive_go(drive, &to, answer);
		return;
	}
	*left = count - (stop - drive->place.object);
	if (drive->place.file == end.file) {
		stop_at_end(drive, answer);
		return;
	}
	drive_fail(answer, &filemark);
	drive_go(drive, &to, answer);
}

static void back_blocks(struct drive *drive, uint64_t count, uint64_t *left,
    struct drive_answer *answer)
{
	struct volume_place to;
	uint64_t before;

	if (begin_of_file(drive, drive->place.file, &to) != 0) {
		lost_sight(drive, answer);
		return;
	}
	before = drive->place.object - to.object;
	if (count <= before) {
		*left = 0;
		if (volume_find_object(drive->volume,
			drive->place.object - count, &to) != 0)
			lost_sight(drive, answer);
		else
			drive_go(drive, &to, answer);
		return;
	}
	*left = count - before;
	drive_fail(answer, to.file > 0 ? &filemark : &beginning);
	if (to.file > 0) {
		to.object--;
		to.file--;
	}
	drive_go(drive, &to, answer);
}

void drive_space_blocks(struct drive *drive, int64_t count, uint64_t *left,
    int64_t now_ns, struct drive_answer *answer)
{
	*left = count < 0 ? -(uint64_t)count : (uint64_t)count;
	if (!drive_begin(drive, DRIVE_SPACE, false, now_ns, answer))
		return;
	if (count > 0)
		forward_blocks(drive, *left, left, answer);
	else if (count < 0)
		back_blocks(drive, *left, left, answer);
}

void drive_space_filemarks(struct drive *drive, int64_t count, uint64_t *left,
    int64_t now_ns, struct drive_answer *answer)
{
	static const struct volume_place bot;
	struct volume_place to;
	uint64_t file, most;

	*left = count < 0 ? -(uint64_t)count : (uint64_t)count;
	if (!drive_begin(drive, DRIVE_SPACE, false, now_ns, answer) ||
	    count == 0)
		return;
	file = drive->place.file;
	volume_end(drive->volume, &to);
	most = count < 0 ? file : to.file - file;
	if (*left > most) {
		*left -= most;
		if (count > 0) {
			stop_at_end(drive, answer);
			return;
		}
		drive_fail(answer, &beginning);
		drive_go(drive, &bot, answer);
		return;
	}
	/* Going back, it stops before the filemark. */
	file = count > 0 ? file + *left : file - *left + 1;
	if (begin_of_file(drive, file, &to) != 0) {
		lost_sight(drive, answer);
		return;
	}
	*left = 0;
	if (count < 0) {
		to.object--;
		to.file--;
	}
	drive_go(drive, &to, answer);
}

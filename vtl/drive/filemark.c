/* filemark.c: writing filemarks, and erasing. */
#include "vtl/drive/impl.h"

static const struct sense warning = { SENSE_NO_SENSE, 0, 2, true, false };
static const struct sense overflow = { SENSE_VOLUME_OVERFLOW, 0, 2, true, 0 };

/* Returns whether the volume has room for `count` filemarks. */
static bool has_room(struct drive *drive, uint64_t count)
{
	struct volume_position position = drive->position;

	if (count > VOLUME_FILEMARKS_MAX - position.file)
		return false;
	if (drive->layout.filemark_bytes == 0)
		return true;
	position.object += count;
	position.file += count;
	return drive_medium_byte(drive, &position) <= drive->capacity_bytes;
}

/* Appends filemarks to the buffer, or to the volume.  Returns 0 or -1. */
static int put_filemarks(struct drive *drive, uint64_t count,
    struct drive_result *result)
{
	drive_compression_forget(drive->compression, drive->position.object);
	if (drive_cut(drive, result) != 0)
		return -1;
	if (drive_is_buffered(drive) &&
	    drive_buffer_take_filemarks(drive, count) == 0)
		return 0;
	drive_buffer_flush(drive, result);
	if (drive->has_pending)
		return -1;
	if (volume_append_filemarks(drive->volume, count) != 0) {
		drive_storage_failed(drive, result);
		return -1;
	}
	volume_end(drive->volume, &drive->position);
	return 0;
}

/* Writes the buffer, and synchronises the volume.  Returns 0 or -1. */
static int synchronise(struct drive *drive, struct drive_result *result)
{
	drive_buffer_flush(drive, result);
	if (drive->has_pending)
		return -1;
	if (volume_sync(drive->volume) != 0) {
		drive_storage_failed(drive, result);
		return -1;
	}
	if (!drive_is_buffered(drive))
		drive_add_filemark_ns(drive, result);
	return 0;
}

void drive_write_filemarks(struct drive *drive, uint64_t count, bool immediate,
    int64_t now_ns, struct drive_result *result)
{
	int rc = 0;

	if (!drive_begin(drive, DRIVE_FILEMARK, false, now_ns, result) ||
	    !drive_may_write(drive, result))
		return;
	if (!has_room(drive, count)) {
		drive_fail(result, &overflow);
		drive->overflowed = true;
		return;
	}
	if (count > 0)
		rc = put_filemarks(drive, count, result);
	if (rc == 0 && !immediate)
		rc = synchronise(drive, result);
	if (rc != 0 && !result->check)
		drive_poll(drive, result->done_ns, result);
	else if (rc == 0 && !result->check && count > 0 &&
	    drive_is_past_warning(drive) && drive_is_past_early_warning(drive))
		drive_fail(result, &warning);
	drive_report_recovered(drive, result);
}

void drive_erase(struct drive *drive, bool whole, int64_t now_ns,
    struct drive_result *result)
{
	uint64_t used;

	if (!drive_begin(drive, DRIVE_ERASE, false, now_ns, result) ||
	    !drive_may_erase(drive, result) || drive_cut(drive, result) != 0)
		return;
	drive_compression_forget(drive->compression, drive->position.object);
	if (volume_sync(drive->volume) != 0) {
		drive_storage_failed(drive, result);
		return;
	}
	used = drive_medium_byte(drive, &drive->position);
	if (whole && used < drive->capacity_bytes)
		drive_transfer(drive, used, drive->capacity_bytes,
		    DRIVE_STREAMING,
		    drive_block_ns(drive, drive->capacity_bytes - used),
		    result);
	drive->is_moved = true;
}

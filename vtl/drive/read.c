/* read.c: reading a block, and runs of blocks without data. */
#include "vtl/drive/impl.h"

#include <string.h>

static const struct sense read_error = { SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 };
static const struct sense too_long = { SENSE_ILLEGAL_REQUEST, 0, 0, 0, 0 };
static const struct sense filemark = { SENSE_NO_SENSE, 0, 1, false, true };
static const struct sense end_of_data = { SENSE_BLANK_CHECK, 0, 5, 0, 0 };

/*
 * Applies the faults of the drive to reading this block.  Returns whether the
 * read fails.
 */
static bool apply_fault(struct drive *drive, const struct volume_object *object,
    struct drive_result *result)
{
	struct volume_position end = drive->position;
	const struct drive_fault *fault;
	struct drive_access access = {
		.op = DRIVE_READ,
		.bytes = object->bytes,
		.begin_byte = drive_medium_byte(drive, &drive->position),
		.now_ns = result->done_ns,
		.barcode = volume_get_spec(drive->volume)->barcode,
	};

	end.byte += object->bytes;
	end.object++;
	access.end_byte = drive_medium_byte(drive, &end);
	fault = drive_faults_match(&drive->faults, &access);
	drive_add_ns(result,
	    later_times(drive_block_ns(drive,
			    access.end_byte - access.begin_byte),
		drive_faults_slowdown(&drive->faults, &access) - 1));
	return drive_apply_fault(drive, fault, result);
}

/* The tape passes objects of this length, and the data is read. */
static void pass(struct drive *drive, uint64_t objects, uint64_t bytes,
    struct drive_result *result)
{
	uint64_t from = 0, to;
	int64_t begin = result->done_ns;

	if (drive_takes_time(drive))
		from = drive_medium_byte(drive, &drive->position);
	drive->position.object += objects;
	drive->position.byte += objects * bytes;
	if (!drive_takes_time(drive))
		return;
	to = drive_medium_byte(drive, &drive->position);
	drive_transfer(drive, from, to, DRIVE_READING,
	    later_times(drive_block_ns(drive,
			    objects > 0 ? (to - from) / objects : 0),
		objects),
	    result);
	if (drive_has_motion(drive))
		drive_moved(drive, begin, result->done_ns);
}

void drive_read(struct drive *drive, void *buf, uint64_t buf_bytes,
    struct volume_object *object, int64_t now_ns, struct drive_result *result)
{
	enum drive_reading reading = DRIVE_READ_GOOD;
	bool failed = false;
	int rc;

	memset(object, 0, sizeof *object);
	if (!drive_begin(drive, DRIVE_READ, false, now_ns, result))
		return;
	rc = volume_read(drive->volume, drive->position.object, buf, buf_bytes,
	    object);
	if (rc == 0 && object->kind == VOLUME_BLOCK && drive->faults.count > 0)
		failed = apply_fault(drive, object, result);
	if (rc == 0 && object->kind == VOLUME_BLOCK && !failed) {
		reading = drive_defect_read(drive, object->bytes, result);
		failed = reading == DRIVE_READ_FAILED;
	}
	if (reading == DRIVE_READ_NOT_STORED) {
		drive_storage_failed(drive, result);
		return;
	}
	if (failed && drive->state != DRIVE_READY)
		return;
	if (rc != 0) {
		drive_fail(result, &read_error);
		result->detail = volume_message(drive->volume);
		result->storage = volume_is_storage_error(drive->volume);
		if (object->bytes == 0)
			return; /* the object at the position is unknown */
	} else if (object->kind == VOLUME_EOD) {
		drive_fail(result, &end_of_data);
		if (drive_defect_end(drive, result) == DRIVE_READ_NOT_STORED)
			drive_storage_failed(drive, result);
		return;
	} else if (object->kind == VOLUME_FILEMARK) {
		drive_fail(result, &filemark);
		drive->position.file++;
	} else if (!failed && buf != NULL && object->bytes > buf_bytes) {
		drive_fail(result, &too_long);
	} else if (!failed) {
		result->bytes = object->bytes;
	}
	drive->overflowed = false;
	drive->zone_blocks = 0;
	pass(drive, 1, object->bytes, result);
}

void drive_read_alike(struct drive *drive, uint64_t block_bytes, uint64_t bytes,
    int64_t now_ns, struct drive_result *result)
{
	uint64_t blocks;
	size_t defects;

	memset(result, 0, sizeof *result);
	result->done_ns = now_ns;
	if (drive->state != DRIVE_READY || drive->has_pending ||
	    drive->queue.count > 0 || drive->faults.count > 0)
		return;
	volume_defects(drive->volume, &defects);
	if (defects > 0)
		return;
	blocks = volume_alike(drive->volume, drive->position.object,
	    bytes / block_bytes);
	result->bytes = blocks * block_bytes;
	pass(drive, blocks, block_bytes, result);
}

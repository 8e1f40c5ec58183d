/* read.c: READ, of variable and of fixed blocks. */
#include "vtl/scsi/impl.h"

#include <stdlib.h>
#include <string.h>

static const struct sense other_length = { SENSE_NO_SENSE, 0, 0, 0, 0 };
static const struct sense read_error = { SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 };

/*
 * Returns whether the only error is that the block is longer than the request.
 */
static bool is_longer(const struct drive_result *a)
{
	return a->check && a->sense.key == SENSE_ILLEGAL_REQUEST &&
	    a->sense.asc == 0;
}

/* Reads the first bytes of the block that was just passed.  Returns 0 or -1. */
static int read_front(struct scsi *unit, void *buf, uint64_t bytes,
    uint64_t whole_bytes)
{
	struct volume *volume = drive_volume(unit->drive);
	struct volume_object object;
	struct volume_position place;
	void *whole = malloc(whole_bytes);
	int rc = -1;

	drive_position(unit->drive, &place);
	if (whole != NULL)
		rc = volume_read(volume, place.object - 1, whole, whole_bytes,
		    &object);
	if (rc == 0)
		memcpy(buf, whole, bytes);
	free(whole);
	return rc;
}

/*
 * Reads the next block, of any length, and copies its first `bytes` to `buf`.
 * Returns whether a block was read.  A block with a recovered error was read,
 * but its result is a CHECK CONDITION too.
 */
static bool read_block(struct scsi *unit, uint64_t bytes, void *buf,
    struct volume_object *object, int64_t now_ns, struct scsi_result *result)
{
	struct drive_result a;
	bool good;

	drive_read(unit->drive, buf, buf == NULL ? 0 : bytes, object, now_ns,
	    &a);
	if (is_longer(&a)) {
		a.check = false;
		if (object->has_data &&
		    read_front(unit, buf, bytes, object->bytes) != 0) {
			a.check = true;
			a.sense = read_error;
			a.detail = volume_message(drive_volume(unit->drive));
		}
	}
	good = !a.check || a.sense.key == SENSE_RECOVERED;
	a.bytes = !good ? 0 : object->bytes < bytes ? object->bytes : bytes;
	/* Never what was in the buffer before. */
	if (buf != NULL && good && !object->has_data)
		memset(buf, 0, a.bytes);
	scsi_take_result(unit, SCSI_READING, &a, result);
	unit->counters[SCSI_READING].blocks += good;
	return good;
}

static void read_variable(struct scsi *unit, bool sili, uint64_t count,
    void *buf, struct volume_object *object, struct scsi_result *result)
{
	bool report = !sili;

	if (!read_block(unit, count, buf, object, result->done_ns, result)) {
		scsi_set_information(result, (int64_t)count);
		return;
	}
	if (object->bytes > count && unit->mode.block_bytes != 0)
		report = true;
	if (object->bytes == count || !report)
		return;
	scsi_fail(result, &other_length);
	result->sense.ili = true;
	scsi_set_information(result, (int64_t)(count - object->bytes));
}

static void read_fixed(struct scsi *unit, uint64_t count, void *buf,
    struct volume_object *object, struct scsi_result *result)
{
	uint64_t block = unit->mode.block_bytes, done = 0;

	for (; done < count; done++) {
		uint8_t *at =
		    buf == NULL ? NULL : (uint8_t *)buf + done * block;

		if (!read_block(unit, block, at, object, result->done_ns,
			result))
			break;
		if (object->bytes != block) {
			scsi_fail(result, &other_length);
			result->sense.ili = true;
			break;
		}
	}
	result->bytes = done * block;
	scsi_set_information(result, (int64_t)(count - done));
}

void scsi_read(struct scsi *unit, bool fixed, bool sili, uint64_t count,
    void *buf, struct volume_object *object, int64_t now_ns,
    struct scsi_result *result)
{
	memset(object, 0, sizeof *object);
	now_ns = scsi_begin_ns(unit, now_ns);
	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	if (fixed ? sili || unit->mode.block_bytes == 0 || count > UINT32_MAX
		  : count > drive_model(unit->drive)->block_max_bytes)
		scsi_fail(result, &scsi_bad_field);
	else if (count > 0 && fixed)
		read_fixed(unit, count, buf, object, result);
	else if (count > 0)
		read_variable(unit, sili, count, buf, object, result);
}

/* verify.c: VERIFY, of blocks, up to filemarks, up to EOD. */
#include "vtl/scsi/impl.h"

#include <stdlib.h>
#include <string.h>

enum { SENSE_ABORTED_COMMAND = 0xb, SENSE_MISCOMPARE = 0xe };

static const struct sense differs = { SENSE_MISCOMPARE, 0x1d, 0, 0, 0 };
/* I/O process terminated */
static const struct sense ended_early = { SENSE_ABORTED_COMMAND, 0, 6, 0, 0 };
static const struct sense no_room = { SENSE_HARDWARE_ERROR, 0x44, 0, 0, 0 };

/*
 * Returns whether the caller does not want the result any more.  The command
 * ends then, where the tape is.
 */
static bool is_ended(const atomic_bool *ended, struct scsi_result *result)
{
	if (ended == NULL || !*ended)
		return false;
	scsi_fail(result, &ended_early);
	return true;
}

/*
 * Verifies `count` blocks by reading each into `block`.  A recovered error does
 * not end it.
 */
static void verify_blocks(struct scsi *unit, bool fixed, uint64_t count,
    uint8_t *block, uint64_t block_bytes, const uint8_t *expected,
    const atomic_bool *ended, struct scsi_result *result)
{
	uint64_t blocks = fixed ? count : 1, done = 0;
	struct scsi_sense recovered;
	struct volume_object object;
	bool has_recovered = false;

	for (; done < blocks && !is_ended(ended, result); done++) {
		scsi_read(unit, fixed, false, fixed ? 1 : count, block, &object,
		    result->done_ns, result);
		if (result->check &&
		    result->sense.sense.key == SENSE_RECOVERED) {
			has_recovered = true;
			recovered = result->sense;
			result->check = false;
		}
		if (!result->check && expected != NULL &&
		    memcmp(expected + done * block_bytes, block, block_bytes))
			scsi_fail(result, &differs);
		if (result->check)
			break;
	}
	if (!result->check && has_recovered) {
		result->check = true;
		result->sense = recovered;
	}
	if (fixed)
		scsi_set_information(result, (int64_t)(blocks - done));
	else if (result->check && result->sense.sense.key == SENSE_MISCOMPARE)
		scsi_set_information(result, (int64_t)count);
	result->bytes = done * block_bytes;
}

/*
 * Verifies objects up to EOD, or up to and with `marks` filemarks: blocks with
 * data are read into `block`, which has room for any, so that their checksums
 * are compared.
 */
static void pass_objects(struct scsi *unit, bool to_eod, uint64_t marks,
    uint8_t *block, const atomic_bool *ended, struct scsi_result *result)
{
	const uint64_t most = drive_model(unit->drive)->block_max_bytes;
	struct volume_object object;
	struct drive_result a;

	while ((to_eod || marks > 0) && !is_ended(ended, result)) {
		drive_read(unit->drive, block, most, &object, result->done_ns,
		    &a);
		if (a.check && a.sense.filemark) {
			result->done_ns = a.done_ns;
			marks -= !to_eod;
			continue;
		}
		scsi_take_result(unit, SCSI_READING, &a, result);
		if (result->check && result->sense.sense.key != SENSE_RECOVERED)
			break;
		if (object.kind != VOLUME_BLOCK || object.has_data ||
		    object.bytes == 0)
			continue;
		drive_read_alike(unit->drive, object.bytes, UINT64_MAX,
		    result->done_ns, &a);
		scsi_take_result(unit, SCSI_READING, &a, result);
	}
	if (to_eod && result->check && !result->sense.deferred &&
	    result->sense.sense.key == SENSE_BLANK_CHECK)
		result->check = false;
	if (!to_eod)
		scsi_set_information(result, (int64_t)marks);
	result->bytes = 0;
}

void scsi_verify(struct scsi *unit, enum scsi_verify_what what, uint64_t count,
    const void *expected, const atomic_bool *ended, int64_t now_ns,
    struct scsi_result *result)
{
	const uint64_t most = drive_model(unit->drive)->block_max_bytes;
	bool fixed = what == SCSI_VERIFY_BLOCKS,
	     to_eod = what == SCSI_VERIFY_EOD;
	bool passes = to_eod || what == SCSI_VERIFY_FILEMARKS;
	uint64_t bytes = passes ? most : fixed ? unit->mode.block_bytes : count;
	uint8_t *block;

	now_ns = scsi_begin_ns(unit, now_ns);
	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	if ((fixed && bytes == 0) || bytes > most) {
		scsi_fail(result, &scsi_bad_field);
		return;
	}
	if (count == 0 && !to_eod)
		return;
	block = malloc(bytes);
	if (block == NULL)
		scsi_fail(result, &no_room);
	else if (passes)
		pass_objects(unit, to_eod, count, block, ended, result);
	else
		verify_blocks(unit, fixed, count, block, bytes, expected, ended,
		    result);
	free(block);
}

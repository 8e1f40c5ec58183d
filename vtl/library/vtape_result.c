/*
 * vtape_result.c: translates results of a drive into results of a tape, by the
 * table in vtape.h.
 */
#include "vtl/library/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum tape_cause medium_cause(const struct drive_result *answer)
{
	if (answer->sense.asc == 0x3b && answer->sense.ascq == 0)
		return TAPE_POSITION_LOST;
	return answer->deferred ? TAPE_DEFERRED_ERROR : TAPE_MEDIUM_ERROR;
}

static enum tape_cause cause_of(const struct drive *drive,
    const struct drive_result *answer)
{
	const struct sense *sense = &answer->sense;
	struct volume_position end = { .object = 0 };

	if (!answer->check)
		return TAPE_OK;
	if (answer->storage)
		return TAPE_STORAGE_FAILED;
	switch (sense->key) {
	case SENSE_NO_SENSE:
		return sense->filemark ? TAPE_FILEMARK : TAPE_OK;
	case SENSE_RECOVERED:
		return TAPE_OK;
	case SENSE_MEDIUM_ERROR:
		return medium_cause(answer);
	case SENSE_HARDWARE_ERROR:
		return TAPE_HARDWARE_ERROR;
	case SENSE_ILLEGAL_REQUEST:
		return TAPE_INVALID;
	case SENSE_UNIT_ATTENTION:
		return sense->asc == 0x28 || sense->asc == 0x29
		    ? TAPE_POSITION_LOST
		    : TAPE_UNKNOWN_ERROR;
	case SENSE_DATA_PROTECT:
		return TAPE_WRITE_PROTECTED;
	case SENSE_BLANK_CHECK:
		volume_end(drive_volume(drive), &end);
		return end.object == 0 ? TAPE_BLANK : TAPE_EOD;
	case SENSE_VOLUME_OVERFLOW:
		return TAPE_PEOM;
	}
	return TAPE_UNKNOWN_ERROR;
}

/* Returns the meaning of an error, and what to do about it. */
static const char *explain(const struct drive *drive, enum tape_cause cause,
    const char *doing, const struct sense *sense)
{
	if (cause == TAPE_STORAGE_FAILED)
		return sense->asc == 0x11 ? "this host cannot read its file"
					  : "this host cannot write its file";
	if (sense->asc == 0x74)
		return "the drive refuses because of its encryption settings";
	if (sense->asc == 0x27 && drive_media_use(drive) == MEDIA_READ)
		return "the drive can only read this type of medium";
	if (sense->asc == 0x30 && sense->ascq == 0)
		return "incompatible medium: use another drive";
	if (sense->asc == 0x30 && sense->ascq == 0x0c)
		return "written data on a write-once (WORM) medium cannot be "
		       "overwritten";
	switch (cause) {
	case TAPE_MEDIUM_ERROR:
		return strncmp(doing, "write", 5) == 0
		    ? "medium error: do not write to this volume again"
		    : tape_cause_text(cause);
	case TAPE_INVALID:
		return sense->asc == 0x24
		    ? "the block is longer than the drive allows"
		    : "the block is longer than the buffer";
	default:
		return sense->key == SENSE_NOT_READY ? "the drive is not ready"
						     : tape_cause_text(cause);
	}
}

/* Returns what the drive says of itself next to a result that is good. */
static uint64_t remarks_of(const struct sense *sense)
{
	if (sense->key != SENSE_RECOVERED)
		return 0;
	if (sense->asc == 0 && sense->ascq == 0x17)
		return TAPE_REMARK_CLEANING;
	return sense->asc == 0x5d ? TAPE_REMARK_FAILURE : 0;
}

void vtape_translate_at(const struct tape *tape, const struct drive *drive,
    const char *doing, const struct volume_position *place,
    const struct drive_result *answer, struct tape_result *result)
{
	const struct sense *sense = &answer->sense;

	tape_result_init(result, answer->done_ns);
	result->cause = cause_of(drive, answer);
	result->bytes = answer->bytes;
	result->leom = drive_is_past_warning(drive) ||
	    (answer->check && answer->sense.key == SENSE_NO_SENSE &&
		answer->sense.eom);
	if (!answer->check)
		return;
	result->remarks = remarks_of(sense);
	result->sense.key = sense->key;
	result->sense.asc = sense->asc;
	result->sense.ascq = sense->ascq;
	result->sense.valid = true;
	if (result->cause == TAPE_OK)
		return;
	snprintf(result->message, sizeof result->message,
	    "volume %s, file %" PRIu64 ", object %" PRIu64 ", byte %" PRIu64
	    ": %s: %s (sense %X/%02X/%02X)%s%s",
	    tape->barcode, place->file, place->object, place->byte, doing,
	    explain(drive, result->cause, doing, sense), sense->key, sense->asc,
	    sense->ascq, answer->detail != NULL ? ": " : "",
	    answer->detail != NULL ? answer->detail : "");
}

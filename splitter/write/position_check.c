/*
 * position_check.c: whether the tape is at the expected position.
 *
 * A drive that was reset, or that moves by itself, may be at BOT while the
 * writer expects it after the last part; a write there destroys all parts on
 * the volume. A drive that reports its position is queried before a header, a
 * filemark and an end record are written, after each of them, and after any
 * error; but not after each successful run of blocks, because the filemark
 * detects that.  So at most one filemark is ever written at a wrong position,
 * and no file that was complete before can begin and end where it did: see
 * verify_part.
 *
 * A cartridge that was exchanged may be at the expected position.  So its serial
 * number is compared with the one that was looked at, before the first write
 * and after any error, which may have been the only report of the exchange.
 */
#include "splitter/write/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/read/look.h"

static uint64_t reported_object(const struct writer *w)
{
	struct tape_position at;

	w->tape->ops->position(w->tape, &at);
	return at.object;
}

void writer_set_position(struct writer *w)
{
	w->at_object = reported_object(w);
	w->begun_object = w->at_object;
}

/*
 * Writes a message about a wrong position.  After an error (`failed`) the
 * message of the error comes first.
 */
static void report_wrong_position(struct writer *w, bool failed,
    const char *place, uint64_t at, uint64_t want)
{
	char why[TAPE_MESSAGE_BYTES];

	snprintf(why, sizeof why, "%s", failed ? w->message : "");
	sentence(w->message, sizeof w->message,
	    "%s%svolume %s: the drive "
	    "is %s %" PRIu64 ", expected %" PRIu64,
	    why, failed ? "; " : "", w->volume.barcode, place, at, want);
	memcpy(w->volume.message, w->message, sizeof w->message);
}

void writer_set_medium(struct writer *w, const struct tape_identity *identity)
{
	w->identity = *identity;
	w->must_look = true;
}

bool writer_is_same_medium(struct writer *w, struct core_result *result)
{
	char why[TAPE_MESSAGE_BYTES];

	if (!w->must_look ||
	    look_is_same_medium(w->tape, &w->identity, w->touched, why,
		sizeof why)) {
		w->must_look = false;
		w->touched = true;
		return true;
	}
	writer_refuse(w, result, why);
	if (w->touched)
		result->cause = TAPE_POSITION_LOST;
	return false;
}

static const char position[] = "at position";

bool writer_is_at_position(struct writer *w, struct core_result *result)
{
	struct tape_position at;

	if (!writer_is_same_medium(w, result)) {
		result->cause = TAPE_POSITION_LOST;
		return false;
	}
	w->tape->ops->position(w->tape, &at);
	if (at.object != TAPE_POSITION_UNKNOWN &&
	    w->at_object != TAPE_POSITION_UNKNOWN && at.object != w->at_object)
		report_wrong_position(w, false, position, at.object,
		    w->at_object);
	else if (at.file != TAPE_POSITION_UNKNOWN && at.file != w->file)
		report_wrong_position(w, false, "in file", at.file, w->file);
	else
		return true;
	result->cause = TAPE_POSITION_LOST;
	return false;
}

/* Writes a message about a drive that no longer reports its position. */
static void report_no_position(struct writer *w)
{
	char why[TAPE_MESSAGE_BYTES];

	memcpy(why, w->message, sizeof why);
	sentence(w->message, sizeof w->message,
	    "%s; volume %s: the drive no longer "
	    "reports its position",
	    why, w->volume.barcode);
	memcpy(w->volume.message, w->message, sizeof w->message);
}

void writer_check_labelled(struct writer *w, struct core_result *result)
{
	writer_set_position(w);
	if (w->at_object >= 2 || result->cause != TAPE_OK)
		return;
	report_wrong_position(w, false, position, w->at_object, 2);
	result->cause = TAPE_POSITION_LOST;
}

/*
 * Returns whether acknowledged blocks are missing on tape after this cause
 * although the tape did not move.  Parts that cannot be read then do not count
 * as lost: the drive may no longer be able to read.
 */
static bool is_plain(enum tape_cause cause)
{
	return cause == TAPE_HARDWARE_ERROR || cause == TAPE_STORAGE_FAILED;
}

void writer_check_written(struct writer *w, uint64_t done, uint64_t most,
    struct core_result *result, int64_t *done_ns)
{
	uint64_t at = reported_object(w), before = w->at_object;
	bool failed = result->cause != TAPE_OK;

	w->at_object = at;
	if (before == TAPE_POSITION_UNKNOWN || at == before + done)
		return;
	if (at == TAPE_POSITION_UNKNOWN && !failed)
		return;
	if (at == TAPE_POSITION_UNKNOWN && !is_plain(result->cause)) {
		report_no_position(w);
		result->cause = TAPE_POSITION_LOST;
		return;
	}
	/*
	 * The tape may have moved back while the part was written, and may then
	 * have written past the beginning of the part again.
	 */
	if (failed && is_plain(result->cause) &&
	    (at == TAPE_POSITION_UNKNOWN ||
		(at >= w->begun_object && at <= before + most))) {
		result->tape_moved = writer_parts_are_missing(w, done_ns);
		return;
	}
	result->tape_moved = true;
	/* After an error, acknowledged blocks may be missing on tape. */
	if (failed && at >= w->begun_object && at <= before + most)
		return;
	if (failed && is_plain(result->cause))
		return;
	report_wrong_position(w, failed, position, at, before + done);
	result->cause = TAPE_POSITION_LOST;
}

void writer_count_blocks(struct writer *w, uint64_t blocks)
{
	if (w->at_object != TAPE_POSITION_UNKNOWN)
		w->at_object += blocks;
}

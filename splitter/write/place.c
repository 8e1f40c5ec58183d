/*
 * writer_place.c: whether the tape is where it was left.
 *
 * A drive that was reset, or that moves by itself, may be at BOT while the
 * writer believes it behind the last part; what is written there destroys all
 * parts on the volume.  A drive that tells its position is asked before a
 * header, a filemark and an end record are written, and after each of them,
 * and after whatever failed; not after each run of blocks that succeeded,
 * which the filemark finds out.  So at most one filemark is ever written at
 * the wrong place, and no file that was complete before can begin and end
 * where it did: see verify_part.
 */
#include "splitter/write/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

static uint64_t told_object(const struct writer *w)
{
	struct tape_position at;

	w->tape->ops->position(w->tape, &at);
	return at.object;
}

void writer_place_is_known(struct writer *w)
{
	w->at_object = told_object(w);
	w->begun_object = w->at_object;
}

/* Says where the tape is, after what failed, if anything did. */
static void say_astray(struct writer *w, bool failed, const char *place,
    uint64_t at, uint64_t want)
{
	char why[TAPE_MESSAGE_BYTES];

	snprintf(why, sizeof why, "%s", failed ? w->message : "");
	sentence(w->message, sizeof w->message,
	    "%s%svolume %s: the drive "
	    "is %s %" PRIu64 ", expected %" PRIu64,
	    why, failed ? "; " : "", w->volume.barcode, place, at, want);
	memcpy(w->volume.message, w->message, sizeof w->message);
}

static const char position[] = "at position";

bool writer_is_in_place(struct writer *w, struct core_result *result)
{
	struct tape_position at;

	w->tape->ops->position(w->tape, &at);
	if (at.object != TAPE_POSITION_UNKNOWN &&
	    w->at_object != TAPE_POSITION_UNKNOWN && at.object != w->at_object)
		say_astray(w, false, position, at.object, w->at_object);
	else if (at.file != TAPE_POSITION_UNKNOWN && at.file != w->file)
		say_astray(w, false, "in file", at.file, w->file);
	else
		return true;
	result->cause = TAPE_POSITION_LOST;
	return false;
}

/* It told its position before: what it did meanwhile, nobody knows. */
static void say_untold(struct writer *w)
{
	char why[TAPE_MESSAGE_BYTES];

	memcpy(why, w->message, sizeof why);
	sentence(w->message, sizeof w->message,
	    "%s; volume %s: the drive does "
	    "not tell its position any more",
	    why, w->volume.barcode);
	memcpy(w->volume.message, w->message, sizeof w->message);
}

void writer_is_labelled(struct writer *w, struct core_result *result)
{
	writer_place_is_known(w);
	if (w->at_object >= 2 || result->cause != TAPE_OK)
		return;
	say_astray(w, false, position, w->at_object, 2);
	result->cause = TAPE_POSITION_LOST;
}

/*
 * After these blocks that were acknowledged are not on tape, which alone is no
 * reason to call parts lost that cannot be seen: the drive may read no more.
 */
static bool is_plain(enum tape_cause cause)
{
	return cause == TAPE_HARDWARE_ERROR || cause == TAPE_STORAGE_FAILED;
}

void writer_has_written(struct writer *w, uint64_t done, uint64_t most,
    struct core_result *result, int64_t *done_ns)
{
	uint64_t at = told_object(w), before = w->at_object;
	bool failed = result->cause != TAPE_OK;

	w->at_object = at;
	if (before == TAPE_POSITION_UNKNOWN || at == before + done)
		return;
	if (at == TAPE_POSITION_UNKNOWN && !failed)
		return;
	if (at == TAPE_POSITION_UNKNOWN && !is_plain(result->cause)) {
		say_untold(w);
		result->cause = TAPE_POSITION_LOST;
		return;
	}
	/* It may have moved in mid-part, and gone on past its beginning. */
	if (failed && is_plain(result->cause) &&
	    (at == TAPE_POSITION_UNKNOWN ||
		(at >= w->begun_object && at <= before + most))) {
		result->astray = writer_parts_are_gone(w, done_ns);
		return;
	}
	result->astray = true;
	/* Blocks that were acknowledged may not be on tape after an error. */
	if (failed && at >= w->begun_object && at <= before + most)
		return;
	if (failed && is_plain(result->cause))
		return;
	say_astray(w, failed, position, at, before + done);
	result->cause = TAPE_POSITION_LOST;
}

void writer_has_streamed(struct writer *w, uint64_t blocks)
{
	if (w->at_object != TAPE_POSITION_UNKNOWN)
		w->at_object += blocks;
}

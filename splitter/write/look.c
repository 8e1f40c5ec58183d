/* writer_look.c: what is on a volume, and where its data ends. */
#include "splitter/write/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tape/answer.h"
#include "splitter/format/foreign.h"
#include "splitter/read/resume.h"

/* Looking at a volume: where in time, and what its tape said last. */
struct look {
	struct writer *w;
	struct tape *tape;
	struct tape_limits limits;
	struct tape_result answer;
	struct tape_block block;
	struct header header;
	int64_t now_ns;
	char why[TAPE_MESSAGE_BYTES / 2]; /* there is no header */
};

static void answered(struct look *l)
{
	l->now_ns = writer_done_at(l->w, &l->answer);
}

static void read_into(struct look *l, void *buf, uint64_t bytes)
{
	l->tape->ops->read(l->tape, buf, bytes, &l->block, l->now_ns,
	    &l->answer);
	answered(l);
}

static void locate(struct look *l, uint64_t file)
{
	l->tape->ops->locate(l->tape, file, l->now_ns, &l->answer);
	answered(l);
}

static bool parse(struct look *l, const char *block)
{
	uint64_t bytes = l->block.has_data ? l->block.bytes : 0;

	if (header_parse(block, bytes, &l->header, l->why, sizeof l->why) == 0)
		return true;
	foreign_say(block, bytes, l->why, sizeof l->why);
	return false;
}

/*
 * Reads the first block of a file, which may be longer than those of this
 * dump.  False where it is no header: then `why` says so, or the answer.
 */
static bool read_header(struct look *l, uint64_t file)
{
	uint64_t most = l->limits.block_max_bytes < TAPE_BLOCK_MAX_BYTES
	    ? l->limits.block_max_bytes
	    : TAPE_BLOCK_MAX_BYTES;
	bool good;
	char *longer;

	l->why[0] = '\0';
	read_into(l, l->w->block, l->w->config.block_bytes);
	if (l->answer.cause == TAPE_OK)
		return parse(l, l->w->block);
	if (l->answer.cause != TAPE_INVALID || most <= l->w->config.block_bytes)
		return false;
	longer = malloc(most);
	if (longer == NULL) {
		l->answer.cause = TAPE_UNKNOWN;
		snprintf(l->answer.message, sizeof l->answer.message,
		    "out of memory for a block of %" PRIu64 " bytes", most);
		return false;
	}
	locate(l, file);
	good = l->answer.cause == TAPE_OK;
	if (good) {
		read_into(l, longer, most);
		good = l->answer.cause == TAPE_OK && parse(l, longer);
	}
	free(longer);
	return good;
}

/* Sense data of a drive that refuses to read what it has no key for. */
static bool is_locked(const struct tape_result *answer)
{
	return answer->cause == TAPE_PROTECTED ||
	    (answer->sense.valid && answer->sense.asc == 0x74);
}

/* What stands at the beginning; CORE_HARDWARE_ERROR: the drive cannot tell. */
static enum core_cause find(struct look *l, struct volume_policy_volume *found)
{
	found->barcode = l->w->volume.barcode;
	found->label = &l->header;
	found->why = l->why;
	found->worm = l->limits.worm;
	switch (answer_first(&l->answer, read_header(l, 0))) {
	case ANSWER_HEADER:
		found->found = l->header.type == HEADER_LABEL ||
			l->header.type == HEADER_SCRATCH
		    ? VOLUME_POLICY_LABEL
		    : VOLUME_POLICY_FOREIGN;
		snprintf(l->why, sizeof l->why,
		    "it begins with a header that "
		    "is no label");
		return CORE_OK;
	case ANSWER_BLANK:
		found->found = VOLUME_POLICY_BLANK;
		return CORE_OK;
	case ANSWER_FOREIGN:
		found->found = is_locked(&l->answer) ? VOLUME_POLICY_LOCKED
						     : VOLUME_POLICY_FOREIGN;
		break;
	case ANSWER_UNREADABLE:
		found->found = is_locked(&l->answer) ? VOLUME_POLICY_LOCKED
						     : VOLUME_POLICY_ERROR;
		break;
	}
	if (l->why[0] == '\0')
		found->why = tape_result_text(&l->answer);
	return l->answer.cause == TAPE_HARDWARE_ERROR ? CORE_HARDWARE_ERROR
						      : CORE_OK;
}

/* Goes to the end of data; false where it cannot, or the drive does not say. */
static bool go_to_eod(struct look *l, struct tape_position *at)
{
	l->tape->ops->locate_eod(l->tape, l->now_ns, &l->answer);
	answered(l);
	l->tape->ops->position(l->tape, at);
	return l->answer.cause == TAPE_OK && at->file != TAPE_POSITION_UNKNOWN;
}

/*
 * Whether the file that begins at file `file` has nothing in it: 1, 0, or -1
 * where the tape cannot be read there.
 */
static int is_empty(struct look *l, uint64_t file)
{
	locate(l, file);
	if (l->answer.cause == TAPE_OK)
		read_into(l, l->w->block, l->w->config.block_bytes);
	if (answer_is_end(&l->answer))
		return 1;
	return l->answer.cause == TAPE_OK || l->answer.cause == TAPE_INVALID
	    ? 0
	    : -1;
}

/* Whether file `file` begins with a header of tapelab that belongs there. */
static bool belongs(struct look *l, uint64_t file)
{
	const struct header *h = &l->header;

	locate(l, file);
	if (l->answer.cause != TAPE_OK || !read_header(l, file) ||
	    strcmp(h->volume, l->w->volume.barcode) != 0)
		return false;
	return file == 0 ? h->type == HEADER_LABEL
			 : h->file == file &&
		(h->type == HEADER_PART || h->type == HEADER_END);
}

/* Ends a file that nobody finished: the dump before died in it. */
static bool end_file(struct look *l, struct tape_position *at)
{
	if (!go_to_eod(l, at))
		return false;
	l->tape->ops->filemark(l->tape, true, l->now_ns, &l->answer);
	answered(l);
	at->file++;
	return l->answer.cause == TAPE_OK;
}

/*
 * Whether the parts that are safe and on this volume are there: a dump is not
 * gone on with behind what is lost, nor where that was.
 */
static bool has_safe(struct look *l, enum writer_look_at how,
    struct core_result *result)
{
	bool there = writer_parts_are_there(l->w, how, result, &l->now_ns);

	if (!there)
		result->cause = CORE_NO_VOLUME;
	return there;
}

/* Goes behind what is on the volume, and proves that this is its end. */
static void append(struct look *l, struct core_result *result)
{
	static const char untold[] = "its drive does not tell where the data "
				     "ends";
	struct tape_position eod, again;
	int empty;

	if (!go_to_eod(l, &eod)) {
		writer_refuse(l->w, result,
		    l->answer.cause == TAPE_OK ? untold
					       : tape_result_text(&l->answer));
		return;
	}
	empty = is_empty(l, eod.file);
	if (empty < 0) {
		writer_refuse(l->w, result, tape_result_text(&l->answer));
		return;
	}
	if (!belongs(l, empty ? eod.file - 1 : eod.file) || eod.file == 0) {
		writer_refuse(l->w, result,
		    "what stands before its end of "
		    "data is not what tapelab wrote there last");
		return;
	}
	if (!empty && !end_file(l, &eod)) {
		/* What is not refused is taken, and labelled anew. */
		if (l->answer.cause == TAPE_OK)
			writer_refuse(l->w, result, untold);
		else
			writer_take_answer(l->w, &l->answer, result,
			    &l->now_ns);
		return;
	}
	if (!go_to_eod(l, &again) || again.file != eod.file) {
		/* Who knows where that filemark is. */
		if (empty || has_safe(l, WRITER_LOOK, result))
			writer_refuse(l->w, result,
			    "its drive finds the end "
			    "of data at another place each time");
		return;
	}
	/* It has its place already where this dump is gone on with. */
	if (l->header.dump_id == l->w->config.dump_id)
		l->w->volume.sequence = l->header.sequence;
	l->w->file = eod.file;
	writer_place_is_known(l->w);
	l->w->behind = again;
	result->append = l->w->volume.appended = true;
	result->leom = l->answer.leom;
}

/* Whether this dump labelled it: what was written over once is not again. */
static bool is_own(const struct look *l,
    const struct volume_policy_volume *found)
{
	return found->found == VOLUME_POLICY_LABEL &&
	    l->header.type == HEADER_LABEL &&
	    l->header.dump_id == l->w->config.dump_id;
}

/*
 * Has a person decide about what is on the volume, and looks again: it may have
 * been exchanged meanwhile.
 */
static enum volume_policy_verdict ask(struct look *l, char *what,
    size_t what_bytes)
{
	const struct writer_config *k = &l->w->config;
	struct volume_policy_volume found;
	char again[TAPE_MESSAGE_BYTES];

	if (!k->may_overwrite(k->may_overwrite_arg, what)) {
		snprintf(what, what_bytes, "overwriting it was not confirmed");
		return VOLUME_POLICY_REFUSE;
	}
	locate(l, 0);
	if (l->answer.cause == TAPE_OK && find(l, &found) == CORE_OK &&
	    volume_policy_judge(&k->volume_policy, &found, again,
		sizeof again) == VOLUME_POLICY_ASK &&
	    strcmp(what, again) == 0)
		return VOLUME_POLICY_WRITE_LABEL;
	snprintf(what, what_bytes,
	    "what is on it is not what it was when "
	    "overwriting it was confirmed");
	return VOLUME_POLICY_REFUSE;
}

static void take(struct look *l, struct core_result *result)
{
	struct writer *w = l->w;
	struct volume_policy_volume found;
	enum volume_policy_verdict answer;
	char why[TAPE_MESSAGE_BYTES];

	if (w->config.block_bytes < l->limits.block_min_bytes ||
	    w->config.block_bytes > l->limits.block_max_bytes) {
		snprintf(why, sizeof why,
		    "its drive takes blocks of %" PRIu64 " to %" PRIu64
		    " bytes, not of %" PRIu64,
		    l->limits.block_min_bytes, l->limits.block_max_bytes,
		    w->config.block_bytes);
		w->block_refused = true;
		writer_refuse(w, result, why);
		return;
	}
	if (find(l, &found) == CORE_HARDWARE_ERROR) {
		writer_take_answer(w, &l->answer, result, &l->now_ns);
		return;
	}
	answer = volume_policy_judge(&w->config.volume_policy, &found, why,
	    sizeof why);
	if (answer == VOLUME_POLICY_ASK && !is_own(l, &found))
		answer = ask(l, why, sizeof why);
	if (answer == VOLUME_POLICY_REFUSE) {
		writer_refuse(w, result, why);
		return;
	}
	if (answer != VOLUME_POLICY_APPEND && is_own(l, &found)) {
		writer_refuse(w, result, "this very dump is on it");
		return;
	}
	/* Without a barcode the label says which volume it is. */
	if (w->volume.barcode[0] == '\0')
		strcpy(w->volume.barcode, l->header.volume);
	if (found.found == VOLUME_POLICY_LABEL)
		strcpy(w->volume.was, l->header.volume);
	if (has_safe(l,
		answer == VOLUME_POLICY_APPEND ? WRITER_LOOK
					       : WRITER_OVERWRITTEN,
		result) &&
	    answer == VOLUME_POLICY_APPEND)
		append(l, result);
}

void writer_look(struct writer *w, struct core_result *result, int64_t *done_ns)
{
	struct look l = { .w = w, .tape = w->tape, .now_ns = *done_ns };

	l.tape->ops->limits(l.tape, &l.limits);
	take(&l, result);
	*done_ns = l.now_ns;
}

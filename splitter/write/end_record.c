/* end_record.c: the end record of a dump, on the loaded tape. */
#include "splitter/write/impl.h"

#include <stdio.h>
#include <string.h>

#include "splitter/format/end_record.h"
#include "splitter/base/sentence.h"

/*
 * Reports that the end record is not on tape.  The failure has no other effect,
 * because the dump is safe without an end record.
 */
static void fail(struct writer *w, struct core_result *result, const char *why,
    int64_t at_ns)
{
	char kept[TAPE_MESSAGE_BYTES];

	if (result->cause == TAPE_OK)
		result->cause = TAPE_UNKNOWN_ERROR;
	memcpy(kept, w->message, sizeof kept);
	sentence(w->message, sizeof w->message,
	    "the end record is not on "
	    "tape: %s",
	    why);
	writer_warn(w, at_ns);
	memcpy(w->message, kept, sizeof kept);
}

void writer_sum(const struct writer *w, char text[HEADER_SUM_BYTES])
{
	text[0] = '\0';
	if (w->whole_known)
		partsum_whole_text(w->sum, text);
}

static void fill(const struct writer *w, const struct core_step *step,
    struct header *h)
{
	writer_fill_header(w, h);
	h->file = w->file;
	snprintf(h->outcome, sizeof h->outcome, "%s",
	    splitter_outcome_name(step->outcome));
	h->bytes = parts_end_bytes(w->parts);
	writer_sum(w, h->xxh128);
}

/* Checks the result of a block of the end record or of its filemark. */
static bool went_well(struct writer *w, const struct tape_result *answer,
    struct core_result *result, int64_t *now_ns)
{
	writer_take_answer(w, answer, result, now_ns);
	writer_check_written(w, result->cause == TAPE_OK, 1, result, now_ns);
	return result->cause == TAPE_OK;
}

/* Writes all blocks of the end record, and the filemark. */
static void write_all(struct writer *w, struct header *h,
    struct core_result *result, int64_t *now_ns)
{
	size_t bytes = w->config.block_bytes;
	uint64_t blocks = end_record_blocks(parts_count(w->parts), bytes), i;
	struct tape_result answer;

	if (!writer_is_at_position(w, result))
		return;
	w->begun_object = w->at_object;
	for (i = 1; i <= blocks; i++) {
		end_record_format(h, w->parts, i, w->block, bytes);
		w->tape->ops->start_file(w->tape, w->block, bytes, *now_ns,
		    &answer);
		if (!went_well(w, &answer, result, now_ns))
			return;
	}
	w->tape->ops->filemark(w->tape, true, *now_ns, &answer);
	went_well(w, &answer, result, now_ns);
}

void writer_end_record(struct writer *w, const struct core_step *step,
    int64_t now_ns, struct core_result *result, int64_t *done_ns)
{
	char kept[TAPE_MESSAGE_BYTES], why[TAPE_MESSAGE_BYTES];
	struct header h;

	*done_ns = now_ns;
	if (w->parts_lost) {
		fail(w, result, "there was no memory for the table of parts",
		    now_ns);
		return;
	}
	fill(w, step, &h);
	memcpy(kept, w->message, sizeof kept);
	write_all(w, &h, result, done_ns);
	memcpy(why, w->message, sizeof why);
	memcpy(w->message, kept, sizeof kept);
	if (result->cause != TAPE_OK)
		fail(w, result, why, *done_ns);
	else
		writer_count_volume(w);
}

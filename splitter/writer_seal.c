/* writer_seal.c: the end record of a dump, on the tape that is loaded. */
#include "splitter/writer_impl.h"

#include <stdio.h>
#include <string.h>

#include "splitter/seal.h"

/* The record is best effort: why it is not there is said, and no more. */
static void fail(struct writer *w, struct core_result *result,
    const char *why, int64_t at_ns)
{
	char kept[TAPE_MESSAGE_BYTES];

	if (result->cause == CORE_OK)
		result->cause = CORE_UNKNOWN;
	memcpy(kept, w->message, sizeof kept);
	snprintf(w->message, sizeof w->message, "the end record is not on "
	    "tape: %.200s", why);
	writer_trouble(w, at_ns);
	memcpy(w->message, kept, sizeof kept);
}

static void fill(const struct writer *w, const struct core_step *step,
    struct header *h)
{
	struct tape_position at;

	w->tape->ops->position(w->tape, &at);
	writer_fill_header(w, h);
	h->file = writer_file(w, &at);
	snprintf(h->outcome, sizeof h->outcome, "%s",
	    core_outcome_name(step->outcome));
	h->bytes = parts_end_bytes(w->parts);
	writer_sum(w, h->xxh128);
}

/* All blocks, and the filemark. */
static void write_all(struct writer *w, struct header *h,
    struct tape_result *answer, int64_t *now_ns)
{
	size_t bytes = w->config.block_bytes;
	uint64_t blocks = seal_blocks(parts_count(w->parts), bytes), i;

	for (i = 1; i <= blocks; i++) {
		seal_format(h, w->parts, i, w->block, bytes);
		w->tape->ops->start_file(w->tape, w->block, bytes, *now_ns,
		    answer);
		*now_ns = writer_done_at(w, answer);
		if (answer->cause != TAPE_OK)
			return;
	}
	w->tape->ops->filemark(w->tape, true, *now_ns, answer);
	*now_ns = writer_done_at(w, answer);
}

void writer_end_record(struct writer *w, const struct core_step *step,
    int64_t now_ns, struct core_result *result, int64_t *done_ns)
{
	struct tape_result answer;
	struct header h;
	char kept[TAPE_MESSAGE_BYTES];

	*done_ns = now_ns;
	if (w->parts_lost) {
		fail(w, result, "there was no memory for the table of parts",
		    now_ns);
		return;
	}
	fill(w, step, &h);
	write_all(w, &h, &answer, done_ns);
	memcpy(kept, w->message, sizeof kept);
	writer_take_answer(w, &answer, result, done_ns);
	memcpy(w->message, kept, sizeof kept);
	if (result->cause != CORE_OK)
		fail(w, result, answer.message, *done_ns);
	else
		writer_count_volume(w);
}

/*
 * write_run.c: the step WRITE: a run of blocks from the ring or the cache.
 *
 *  1. A block is hashed after the tape has taken it, and before the producer
 *     may overwrite it.
 *  2. A block that is written again is compared with the checksum of the first
 *     time, before it is written.
 */
#include "splitter/write/impl.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/*
 * Computes both checksums of one block before the next block, while the block
 * is in the processor's cache.
 */
static void sum_blocks(struct writer *w, uint64_t offset, const char *data,
    uint64_t bytes)
{
	uint64_t n;

	partsum_catch_up(w->sum, offset + bytes);
	for (; bytes > 0; bytes -= n, data += n, offset += n) {
		n = bytes < w->config.block_bytes ? bytes
						  : w->config.block_bytes;
		partsum_add(w->sum, offset, data, n);
		if (w->config.can_replay)
			replay_note(&w->replay, offset, data, n);
	}
}

/* Hashes the next `bytes` of the run, which the tape has taken. */
static void note_taken(struct writer *w, uint64_t bytes)
{
	const struct tape_run *run = w->run;

	if (run->data != NULL) {
		sum_blocks(w, run->offset + w->run_noted,
		    (const char *)run->data + w->run_noted, bytes);
	} else if (bytes > 0) {
		w->summed = false;
	}
	w->run_noted += bytes;
}

/*
 * Reports that the tape has taken blocks of the run.  The blocks are hashed
 * before the report, because the producer may overwrite them after it.
 */
static void on_progress(void *arg, uint64_t bytes)
{
	struct writer *w = arg;

	note_taken(w, bytes);
	w->progress(w->progress_arg, bytes);
}

/*
 * Writes the short block at the end of the dump in fixed-block mode.  The block
 * is padded with zeros only on tape: the padding is not part of the dump.
 */
static void write_filled_up(struct writer *w, const struct tape_run *run,
    int64_t now_ns, struct tape_result *answer)
{
	struct tape_run whole = *run;

	if (run->data != NULL) {
		memcpy(w->block, run->data, run->bytes);
		memset(w->block + run->bytes, 0, run->block_bytes - run->bytes);
		whole.data = w->block;
	}
	whole.bytes = run->block_bytes;
	whole.progress = NULL;
	w->tape->ops->write(w->tape, &whole, now_ns, answer);
	answer->bytes = answer->bytes > 0 ? run->bytes : 0;
}

static uint64_t blocks_of(const struct tape_run *run, uint64_t bytes)
{
	return bytes / run->block_bytes + (bytes % run->block_bytes != 0);
}

/* Takes over the answer of the tape to a run that was written. */
static void take_written(struct writer *w, const struct tape_run *run,
    const struct tape_result *answer, struct core_result *result,
    int64_t *done_ns)
{
	writer_take_answer(w, answer, result, done_ns);
	result->bytes = answer->bytes;
	if (result->cause == TAPE_OK)
		writer_count_blocks(w, blocks_of(run, answer->bytes));
	else
		writer_check_written(w, blocks_of(run, answer->bytes),
		    blocks_of(run, run->bytes), result, done_ns);
	if (answer->bytes == 0 && answer->cause == TAPE_OK && !answer->leom) {
		result->cause = TAPE_UNKNOWN_ERROR;
		snprintf(w->message, sizeof w->message,
		    "the drive with "
		    "volume %s took no bytes and reported no error",
		    w->volume.barcode);
	}
}

/* Writes contiguous blocks; `data` is NULL without payload. */
static void write_blocks(struct writer *w, const struct core_step *step,
    struct tape_run *run, int64_t now_ns, struct core_result *result,
    int64_t *done_ns)
{
	struct tape_result answer;

	if (step->replay && run->data != NULL &&
	    !replay_same(&w->replay, run->offset, run->data, run->bytes)) {
		*done_ns = now_ns;
		result->cause = TAPE_CACHE_ERROR;
		result->bytes = 0;
		snprintf(w->message, sizeof w->message,
		    w->replay.blind
			? "no memory for the checksums of the written blocks: "
			  "at offset %" PRIu64 " of the dump"
			: "the part cache returned other bytes than were "
			  "written: at offset %" PRIu64 " of the dump",
		    run->offset);
		return;
	}
	w->run = run;
	w->run_noted = 0;
	if (w->config.fixed && run->bytes < run->block_bytes)
		write_filled_up(w, run, now_ns, &answer);
	else
		w->tape->ops->write(w->tape, run, now_ns, &answer);
	assert(answer.bytes >= w->run_noted);
	note_taken(w, answer.bytes - w->run_noted);
	w->run = NULL;
	take_written(w, run, &answer, result, done_ns);
}

/*
 * Reads blocks of a WRITE back from the cache, from `offset` on.  Reduces
 * `*bytes` to what fits in the staging buffer.  Returns false if the blocks
 * cannot be read.
 */
static bool stage(struct writer *w, uint64_t offset, uint64_t *bytes)
{
	if (*bytes > w->staging_bytes)
		*bytes = w->staging_bytes;
	return w->config.cache->ops->read(w->config.cache, offset, w->staging,
		   *bytes, w->message, sizeof w->message) == 0;
}

/*
 * Finds the contiguous blocks of a WRITE from `run->offset` on, at most
 * `run->bytes`.  Returns false if the cache cannot return the blocks.
 */
static bool locate_bytes(struct writer *w, const struct core_step *step,
    struct tape_run *run)
{
	uint64_t row;

	if (step->source == CORE_FROM_CACHE) {
		if (!stage(w, run->offset, &run->bytes))
			return false;
		run->data = w->config.ring != NULL ? w->staging : NULL;
	} else if (w->config.ring != NULL) {
		run->data = ring_at(w->config.ring, run->offset, &row);
		if (run->bytes > row)
			run->bytes = row;
	}
	return true;
}

void writer_write_run(struct writer *w, const struct core_step *step,
    int64_t now_ns, struct core_result *result, int64_t *done_ns)
{
	struct tape_run run = {
		.block_bytes = w->config.block_bytes,
		.dump_id = w->config.dump_id,
		.progress = w->progress != NULL ? on_progress : NULL,
		.progress_arg = w,
	};
	uint64_t done = 0;

	*done_ns = now_ns;
	do {
		run.offset = step->offset + done;
		run.bytes = step->bytes - done;
		if (!locate_bytes(w, step, &run)) {
			result->cause = TAPE_CACHE_ERROR;
			break;
		}
		if (w->config.fixed && run.bytes > run.block_bytes)
			run.bytes -= run.bytes % run.block_bytes;
		write_blocks(w, step, &run, *done_ns, result, done_ns);
		done += result->bytes;
	} while (result->cause == TAPE_OK && !result->leom &&
	    result->bytes == run.bytes && done < step->bytes);
	result->bytes = done;
	w->attempt.ended_ns = *done_ns;
}

uint64_t writer_repeat(struct writer *w, const struct core_step *step,
    uint64_t times, int64_t begin_ns, int64_t every_ns, int64_t take_ns,
    struct core_result *result, int64_t *done_ns)
{
	const struct tape_repeat repeat = {
		.run = {
			.bytes = step->bytes,
			.block_bytes = w->config.block_bytes,
			.dump_id = w->config.dump_id,
			.offset = step->offset + step->bytes,
		},
		.times = times,
		.begin_ns = begin_ns,
		.every_ns = every_ns,
		.take_ns = take_ns,
	};
	const struct tape_run *run = &repeat.run;
	struct tape_result answer;
	uint64_t done;

	if (w->config.ring != NULL || w->progress != NULL ||
	    w->tape->ops->repeat == NULL || run->bytes % run->block_bytes != 0)
		return 0;
	done = w->tape->ops->repeat(w->tape, &repeat, &answer);
	if (done == 0)
		return 0;
	memset(result, 0, sizeof *result);
	writer_count_blocks(w, (done - 1) * blocks_of(run, run->bytes));
	take_written(w, run, &answer, result, done_ns);
	w->attempt.ended_ns = *done_ns;
	return done;
}

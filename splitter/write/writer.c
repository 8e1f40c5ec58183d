/* writer.c: one step of the core: the contents of a file on tape. */
#include "splitter/write/impl.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The amount read from the part cache at once; this memory comes in addition to
 * the buffer and the cache.
 */
enum { STAGING_BYTES = 1 << 20 };

/*
 * Begins with the parts that are safe already, and the checksum of their bytes.
 */
static bool begin_table(struct writer *w)
{
	size_t count;

	w->parts_own = w->config.parts == NULL;
	w->parts = w->parts_own ? parts_new() : w->config.parts;
	w->sum = partsum_new(w->config.block_bytes, w->config.end_record,
	    w->config.whole);
	if (w->parts == NULL || w->sum == NULL)
		return false;
	replay_forget(&w->replay, parts_end_bytes(w->parts));
	count = parts_count(w->parts);
	if (count > 0)
		parts_get(w->parts, count - 1, &w->before);
	w->whole_known =
	    w->config.end_record && (count == 0 || w->config.whole != NULL);
	w->sequence = w->config.volumes_before;
	return true;
}

/*
 * Allocates the staging buffer at the start, so that a retry cannot fail for
 * lack of memory.
 */
static bool make_staging(struct writer *w)
{
	uint64_t block_bytes = w->config.block_bytes;

	if (w->config.cache == NULL)
		return true;
	w->staging_bytes = block_bytes < STAGING_BYTES
	    ? STAGING_BYTES - STAGING_BYTES % block_bytes
	    : block_bytes;
	w->staging = malloc(w->staging_bytes);
	return w->staging != NULL;
}

struct writer *writer_new(const struct writer_config *config, char *err,
    size_t err_bytes)
{
	struct writer *w = calloc(1, sizeof *w);

	if (w != NULL) {
		w->config = *config;
		if (w->config.policy == NULL)
			w->config.policy = policy_default;
		w->block = malloc(config->block_bytes);
		w->header = calloc(1, config->block_bytes);
		replay_init(&w->replay, config->block_bytes);
	}
	if (w == NULL || w->block == NULL || w->header == NULL ||
	    !begin_table(w) || !make_staging(w)) {
		snprintf(err, err_bytes,
		    "out of memory for blocks of %" PRIu64 " bytes",
		    config->block_bytes);
		writer_free(w);
		return NULL;
	}
	return w;
}

void writer_free(struct writer *w)
{
	if (w == NULL)
		return;
	replay_free(&w->replay);
	partsum_free(w->sum);
	if (w->parts_own)
		parts_free(w->parts);
	free(w->staging);
	free(w->block);
	free(w->header);
	free(w);
}

bool writer_block_refused(const struct writer *w)
{
	return w->block_refused;
}

const char *writer_message(const struct writer *w)
{
	return w->message;
}

void writer_on_progress(struct writer *w,
    void (*progress)(void *arg, uint64_t bytes), void *arg)
{
	w->progress = progress;
	w->progress_arg = arg;
}

void writer_brought(struct writer *w, uint64_t offset, const void *data,
    uint64_t bytes)
{
	/*
	 * If parts can be replayed, the writer reads and hashes each block
	 * itself for replay.h.
	 */
	if (!w->config.can_replay)
		partsum_ahead(w->sum, offset, data, bytes);
}

/* Begins an attempt at the position of the tape. */
static void begin_attempt(struct writer *w, const struct core_step *step,
    int64_t now_ns)
{
	const struct writer_events *events = &w->config.events;
	struct writer_attempt *a = &w->attempt;

	memset(a, 0, sizeof *a);
	memcpy(a->volume, w->volume.barcode, sizeof a->volume);
	a->report.part = step->part;
	a->report.attempt = step->attempt;
	a->report.offset = step->offset;
	a->file = w->file;
	a->begun_ns = a->ended_ns = now_ns;
	w->begun_object = w->at_object;
	partsum_begin(w->sum, step->offset);
	w->summed = true;
	w->message[0] = '\0';
	if (events->beginning != NULL)
		events->beginning(events->arg, &w->volume, a);
}

/* Clears no more of the block than the text of the header before. */
static void format_header(struct writer *w, const struct header *h)
{
	size_t bytes =
	    header_text(h, NULL, 0, w->header, w->config.block_bytes);

	if (bytes < w->header_bytes)
		memset(w->header + bytes, 0, w->header_bytes - bytes);
	w->header_bytes = bytes;
}

static void step_header(struct writer *w, const struct core_step *step,
    int64_t now_ns, struct core_result *result, int64_t *done_ns)
{
	struct tape_result answer;
	struct header h;

	if (!writer_is_at_position(w, result)) {
		writer_warn(w, now_ns);
		return;
	}
	begin_attempt(w, step, now_ns);
	writer_fill_header(w, &h);
	h.type = HEADER_PART;
	h.part = step->part;
	h.attempt = step->attempt;
	h.offset_bytes = step->offset;
	h.file = w->attempt.file;
	h.before_attempt = w->before.attempt;
	h.before_bytes = w->before.bytes;
	memcpy(h.before_xxh128, w->before.xxh128, sizeof h.before_xxh128);
	format_header(w, &h);
	w->tape->ops->start_file(w->tape, w->header, w->config.block_bytes,
	    now_ns, &answer);
	writer_take_answer(w, &answer, result, done_ns);
	writer_check_written(w, result->cause == TAPE_OK, 1, result, done_ns);
	if (result->cause != TAPE_OK)
		writer_warn(w, *done_ns);
	else
		writer_count_volume(w);
}

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

/* Writes the run of a WRITE, in pieces if it is not contiguous. */
static void step_write(struct writer *w, const struct core_step *step,
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

/*
 * Writes the filemark.  At the end of a volume, a drive with a wrong residual
 * counts a block that is not on tape; the check of the position before the
 * filemark detects this.
 */
static void step_finish(struct writer *w, int64_t now_ns,
    struct core_result *result, int64_t *done_ns)
{
	struct tape_result answer;
	char why[sizeof w->message];

	if (!writer_is_at_position(w, result))
		return;
	memcpy(why, w->message, sizeof why);
	w->tape->ops->filemark(w->tape, true, now_ns, &answer);
	writer_take_answer(w, &answer, result, done_ns);
	w->file += result->cause == TAPE_OK;
	/*
	 * The message of the error that ended the attempt is more important
	 * than a later message.
	 */
	if (why[0] != '\0')
		memcpy(w->message, why, sizeof why);
	w->attempt.ended_ns = *done_ns;
	writer_check_written(w, result->cause == TAPE_OK, 1, result, done_ns);
}

/* Records a good part for the next header and the end record. */
static void note_part(struct writer *w, const struct core_report *r)
{
	memset(&w->before, 0, sizeof w->before);
	w->before.part = r->part;
	w->before.attempt = r->attempt;
	w->before.file = w->attempt.file;
	w->before.offset_bytes = r->offset;
	w->before.bytes = r->bytes;
	memcpy(w->before.volume, w->attempt.volume, sizeof w->before.volume);
	if (w->summed)
		partsum_text(w->sum, w->before.xxh128);
	w->whole_known = w->whole_known && w->summed;
	partsum_commit(w->sum);
	w->parts_lost = w->parts_lost || parts_add(w->parts, &w->before) != 0;
}

static void step_report(struct writer *w, const struct core_step *step,
    struct core_result *result)
{
	struct writer_attempt *a = &w->attempt;

	a->report = step->report;
	if (a->report.committed) {
		replay_forget(&w->replay,
		    step->report.offset + step->report.bytes);
		note_part(w, &step->report);
		memcpy(a->xxh128, w->before.xxh128, sizeof a->xxh128);
	} else {
		memcpy(a->message, w->message, sizeof a->message);
	}
	if (w->config.events.attempt != NULL)
		w->config.events.attempt(w->config.events.arg, a);
	/* The policy comes last, because it may wait. */
	result->decision =
	    w->config.policy(w->config.policy_arg, &step->report);
}

void writer_step(struct writer *w, const struct core_step *step, int64_t now_ns,
    struct core_result *result, int64_t *done_ns)
{
	memset(result, 0, sizeof *result);
	*done_ns = now_ns;
	switch (step->kind) {
	case CORE_LOAD:
		writer_load(w, now_ns, result, done_ns);
		break;
	case CORE_LABEL:
		writer_label(w, now_ns, result, done_ns);
		break;
	case CORE_HEADER:
		step_header(w, step, now_ns, result, done_ns);
		break;
	case CORE_WRITE:
		step_write(w, step, now_ns, result, done_ns);
		break;
	case CORE_FINISH:
		step_finish(w, now_ns, result, done_ns);
		break;
	case CORE_VERIFY:
		writer_verify(w, step, result, done_ns);
		break;
	case CORE_REPORT:
		step_report(w, step, result);
		break;
	case CORE_END_RECORD:
		writer_end_record(w, step, now_ns, result, done_ns);
		break;
	case CORE_CLOSE:
		writer_unload(w, step->close, now_ns, done_ns);
		break;
	default:
		assert(!"a step that can be carried out");
	}
}

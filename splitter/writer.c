/* writer.c: one step of the core: what goes into a file on tape. */
#include "splitter/writer_impl.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct writer *writer_new(const struct writer_config *config, char *err,
    size_t err_bytes)
{
	struct writer *w = calloc(1, sizeof *w);

	if (w != NULL) {
		w->config = *config;
		if (w->config.policy == NULL)
			w->config.policy = policy_default;
		w->block = malloc(config->block_bytes);
		w->sum = sum_new();
		replay_init(&w->replay, config->block_bytes);
	}
	if (w == NULL || w->block == NULL || w->sum == NULL) {
		snprintf(err, err_bytes, "out of memory for a block of %"
		    PRIu64 " bytes", config->block_bytes);
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
	sum_free(w->sum);
	free(w->staging);
	free(w->block);
	free(w);
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

static void step_header(struct writer *w, const struct core_step *step,
    int64_t now_ns, struct core_result *result, int64_t *done_ns)
{
	struct tape_result answer;
	struct tape_position at;
	struct header h;

	w->tape->ops->position(w->tape, &at);
	memset(&w->attempt, 0, sizeof w->attempt);
	memcpy(w->attempt.volume, w->tape->barcode, sizeof w->attempt.volume);
	w->attempt.file = at.file;
	w->attempt.begun_ns = w->attempt.ended_ns = now_ns;
	sum_reset(w->sum);
	w->summed = true;
	w->message[0] = '\0';

	writer_fill_header(w, &h);
	h.type = HEADER_PART;
	h.part = step->part;
	h.attempt = step->attempt;
	h.offset_bytes = step->offset;
	h.file = at.file;
	h.before_bytes = w->before_bytes;
	memcpy(h.before_xxh128, w->before, sizeof h.before_xxh128);
	header_format(&h, w->block, w->config.block_bytes);
	w->tape->ops->start_file(w->tape, w->block, w->config.block_bytes,
	    now_ns, &answer);
	writer_take_answer(w, &answer, result, done_ns);
	if (result->cause != CORE_OK)
		writer_trouble(w, *done_ns);
}

/* Both sums of a block before the next one: it is in the processor's cache. */
static void sum_blocks(struct writer *w, uint64_t offset, const char *data,
    uint64_t bytes)
{
	uint64_t n;

	for (; bytes > 0; bytes -= n, data += n, offset += n) {
		n = bytes < w->config.block_bytes ? bytes :
		    w->config.block_bytes;
		sum_add(w->sum, data, n);
		if (w->config.can_replay)
			replay_note(&w->replay, offset, data, n);
	}
}

/* The tape has taken the next `bytes` of the run: sums them. */
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
 * Blocks of the run are on their way.  They are summed before they are passed
 * on: after that the producer may write over them.
 */
static void on_progress(void *arg, uint64_t bytes)
{
	struct writer *w = arg;

	note_taken(w, bytes);
	w->progress(w->progress_arg, bytes);
}

/* Writes blocks that lie in a row; `data` is NULL without payload. */
static void write_blocks(struct writer *w, const struct core_step *step,
    struct tape_run *run, int64_t now_ns, struct core_result *result,
    int64_t *done_ns)
{
	struct tape_result answer;

	if (step->replay && run->data != NULL &&
	    !replay_same(&w->replay, run->offset, run->data, run->bytes)) {
		*done_ns = now_ns;
		result->cause = CORE_CACHE;
		result->bytes = 0;
		snprintf(w->message, sizeof w->message, "the part cache does "
		    "not give back what was written: at offset %" PRIu64
		    " of the dump", run->offset);
		return;
	}
	w->run = run;
	w->run_noted = 0;
	w->tape->ops->write(w->tape, run, now_ns, &answer);
	writer_take_answer(w, &answer, result, done_ns);
	result->bytes = answer.bytes;
	assert(answer.bytes >= w->run_noted);
	note_taken(w, answer.bytes - w->run_noted);
	w->run = NULL;
	if (answer.bytes == 0 && answer.cause == TAPE_OK && !answer.leom) {
		result->cause = CORE_UNKNOWN;
		snprintf(w->message, sizeof w->message, "the drive with "
		    "volume %s took nothing, and gave no reason",
		    w->tape->barcode);
	}
}

/* Has the run of a WRITE read back from the cache; false: it cannot be. */
static bool stage(struct writer *w, const struct core_step *step)
{
	char *staging;

	if (w->staging_bytes < step->bytes) {
		staging = realloc(w->staging, step->bytes);
		if (staging == NULL) {
			snprintf(w->message, sizeof w->message, "out of "
			    "memory to read the part cache");
			return false;
		}
		w->staging = staging;
		w->staging_bytes = step->bytes;
	}
	return w->config.cache->ops->read(w->config.cache, step->offset,
	    w->staging, step->bytes, w->message, sizeof w->message) == 0;
}

/* Where the bytes at `offset` of a run are, and how many lie in a row. */
static const void *locate_bytes(const struct writer *w,
    const struct core_step *step, uint64_t offset, uint64_t *row)
{
	*row = UINT64_MAX;
	if (w->config.ring == NULL)
		return NULL;
	if (step->source == CORE_FROM_CACHE)
		return w->staging + (offset - step->offset);
	return ring_at(w->config.ring, offset, row);
}

/* The run of a WRITE, in pieces where it does not lie in a row. */
static void step_write(struct writer *w, const struct core_step *step,
    int64_t now_ns, struct core_result *result, int64_t *done_ns)
{
	struct tape_run run = {
		.block_bytes = w->config.block_bytes,
		.dump_id = w->config.dump_id,
		.progress = w->progress != NULL ? on_progress : NULL,
		.progress_arg = w,
	};
	uint64_t done = 0, row;

	*done_ns = now_ns;
	if (step->source == CORE_FROM_CACHE && !stage(w, step)) {
		result->cause = CORE_CACHE;
		return;
	}
	do {
		run.offset = step->offset + done;
		run.data = locate_bytes(w, step, run.offset, &row);
		run.bytes = step->bytes - done < row ?
		    step->bytes - done : row;
		write_blocks(w, step, &run, *done_ns, result, done_ns);
		done += result->bytes;
	} while (result->cause == CORE_OK && !result->leom &&
	    result->bytes == run.bytes && done < step->bytes);
	result->bytes = done;
	w->attempt.ended_ns = *done_ns;
}

static void step_finish(struct writer *w, int64_t now_ns,
    struct core_result *result, int64_t *done_ns)
{
	struct tape_result answer;

	w->tape->ops->filemark(w->tape, true, now_ns, &answer);
	writer_take_answer(w, &answer, result, done_ns);
	w->attempt.ended_ns = *done_ns;
}

static void step_report(struct writer *w, const struct core_step *step,
    struct core_result *result)
{
	struct writer_attempt *a = &w->attempt;

	a->report = step->report;
	if (!a->report.committed)
		memcpy(a->message, w->message, sizeof a->message);
	result->answer = w->config.policy(&step->report);
	if (w->config.events.attempt != NULL)
		w->config.events.attempt(w->config.events.arg, a);
	if (!a->report.committed)
		return;
	replay_forget(&w->replay, step->report.offset + step->report.bytes);
	w->before_bytes = step->report.bytes;
	w->before[0] = '\0';
	if (w->summed)
		sum_text(w->sum, w->before);
}

void writer_step(struct writer *w, const struct core_step *step,
    int64_t now_ns, struct core_result *result, int64_t *done_ns)
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
	case CORE_REPORT:
		step_report(w, step, result);
		break;
	case CORE_CLOSE:
		writer_unload(w, step->close, now_ns, done_ns);
		break;
	default:
		assert(!"a step that can be carried out");
	}
}

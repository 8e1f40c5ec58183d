/* writer.c: one step of the core, on the tape that is loaded. */
#include "splitter/writer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "splitter/replay.h"

struct writer {
	struct writer_config config;
	struct tape *tape;
	struct writer_volume volume;
	struct writer_attempt attempt;
	uint64_t sequence;	/* volumes labelled by this dump */
	char *block;		/* one block: label, header, what was read */
	struct replay replay;
	XXH3_state_t *sum;	/* of the attempt */
	bool summed;		/* it saw all bytes of the attempt */
	const struct tape_run *run;	/* that is out, */
	uint64_t run_noted;	/* and the bytes of it that were noted */
	char before[HEADER_SUM_BYTES];
	uint64_t before_bytes;
	char *staging;		/* a run that came from the cache */
	uint64_t staging_bytes;
	void (*progress)(void *arg, uint64_t bytes);
	void *progress_arg;
	char message[TAPE_MESSAGE_BYTES];
};

struct writer *writer_new(const struct writer_config *config, char *err,
    size_t err_bytes)
{
	struct writer *w = calloc(1, sizeof *w);

	if (w != NULL) {
		w->config = *config;
		if (w->config.policy == NULL)
			w->config.policy = policy_default;
		w->block = malloc(config->block_bytes);
		w->sum = XXH3_createState();
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
	XXH3_freeState(w->sum);
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

static enum core_cause core_cause(enum tape_cause cause)
{
	switch (cause) {
	case TAPE_OK:
		return CORE_OK;
	case TAPE_PEOM:
		return CORE_PEOM;
	case TAPE_MEDIUM:
	case TAPE_DEFERRED:
		return CORE_MEDIUM;
	case TAPE_DRIVE:
		return CORE_DRIVE;
	case TAPE_POSITION:
		return CORE_POSITION;
	case TAPE_PROTECTED:
		return CORE_REFUSED;
	case TAPE_NONE:
		return CORE_NO_VOLUME;
	default:
		return CORE_UNKNOWN;
	}
}

static enum tape_close tape_close(enum core_close close)
{
	switch (close) {
	case CORE_CLOSE_GOOD:
		return TAPE_CLOSE_GOOD;
	case CORE_CLOSE_FULL:
		return TAPE_CLOSE_FULL;
	case CORE_CLOSE_SUSPECT:
		return TAPE_CLOSE_SUSPECT;
	case CORE_CLOSE_DRIVE:
		return TAPE_CLOSE_DRIVE;
	case CORE_CLOSE_REFUSED:
		break;
	}
	return TAPE_CLOSE_REFUSED;
}

/* When what the tape answered was complete. */
static int64_t done_at(const struct writer *w,
    const struct tape_result *answer)
{
	return w->config.now_ns != NULL ?
	    w->config.now_ns(w->config.now_arg) : answer->done_ns;
}

/* Takes over what a tape answered; keeps its message where it failed. */
static void take_answer(struct writer *w, const struct tape_result *answer,
    struct core_result *result, int64_t *done_ns)
{
	result->cause = core_cause(answer->cause);
	result->leom = answer->leom;
	*done_ns = done_at(w, answer);
	if (answer->leom)
		w->volume.leom = true;
	if (answer->cause != TAPE_OK) {
		memcpy(w->message, answer->message, sizeof w->message);
		memcpy(w->volume.message, answer->message, sizeof w->message);
	}
}

static void trouble(struct writer *w, int64_t at_ns)
{
	if (w->config.events.trouble != NULL)
		w->config.events.trouble(w->config.events.arg, w->message,
		    at_ns);
}

/* The volume is not ours to write on. */
static void refuse(struct writer *w, struct core_result *result,
    const char *why)
{
	result->cause = CORE_REFUSED;
	snprintf(w->message, sizeof w->message, "volume %s is left as it is: "
	    "%.180s", w->tape->barcode, why);
	memcpy(w->volume.message, w->message, sizeof w->message);
}

/* Whether the volume may be written to: reads what stands at its beginning. */
static void inspect(struct writer *w, struct core_result *result,
    int64_t *done_ns)
{
	struct tape_result answer;
	struct tape_limits limits;
	struct tape_block block;
	struct header label;
	char why[TAPE_MESSAGE_BYTES / 2];

	w->tape->ops->limits(w->tape, &limits);
	if (w->config.block_bytes < limits.block_min_bytes ||
	    w->config.block_bytes > limits.block_max_bytes) {
		snprintf(why, sizeof why, "its drive takes blocks of %" PRIu64
		    " to %" PRIu64 " bytes, not of %" PRIu64,
		    limits.block_min_bytes, limits.block_max_bytes,
		    w->config.block_bytes);
		refuse(w, result, why);
		return;
	}
	w->tape->ops->read(w->tape, w->block, w->config.block_bytes, &block,
	    *done_ns, &answer);
	*done_ns = done_at(w, &answer);
	if (answer.cause == TAPE_BLANK) {
		if (!w->config.label_blank)
			refuse(w, result, "it is blank, and blank volumes "
			    "are not to be labelled");
	} else if (answer.cause == TAPE_DRIVE) {
		take_answer(w, &answer, result, done_ns);
	} else if (answer.cause != TAPE_OK) {
		refuse(w, result, answer.message);
	} else if (header_parse(w->block, block.has_data ? block.bytes : 0,
	    &label, why, sizeof why) != 0) {
		refuse(w, result, "its first block is no label of tapelab");
	} else {
		snprintf(why, sizeof why, "it holds the dump %.60s",
		    label.dump);
		refuse(w, result, why);
	}
}

/* Gives the volume back. */
static void unload(struct writer *w, enum core_close close, int64_t now_ns,
    int64_t *done_ns)
{
	struct tape_result answer;

	w->config.library->ops->unload(w->config.library, w->tape,
	    tape_close(close), now_ns, &answer);
	w->tape = NULL;
	*done_ns = done_at(w, &answer);
	w->volume.close = close;
	if (answer.cause != TAPE_OK) {
		memcpy(w->message, answer.message, sizeof w->message);
		trouble(w, *done_ns);
	}
	if (w->config.events.closed != NULL)
		w->config.events.closed(w->config.events.arg, &w->volume,
		    *done_ns);
}

static void step_load(struct writer *w, int64_t now_ns,
    struct core_result *result, int64_t *done_ns)
{
	struct tape_result answer;

	w->tape = w->config.library->ops->load(w->config.library, now_ns,
	    &answer);
	memset(&w->volume, 0, sizeof w->volume);
	take_answer(w, &answer, result, done_ns);
	if (w->tape == NULL) {
		assert(result->cause != CORE_OK);
		if (result->cause == CORE_REFUSED)	/* nothing to unload */
			result->cause = CORE_UNKNOWN;
		trouble(w, *done_ns);
		return;
	}
	memcpy(w->volume.barcode, w->tape->barcode, sizeof w->volume.barcode);
	if (w->config.events.loaded != NULL)
		w->config.events.loaded(w->config.events.arg, &w->volume,
		    *done_ns);
	inspect(w, result, done_ns);
	if (result->cause != CORE_OK)
		trouble(w, *done_ns);
	/* To the core it was not loaded. */
	if (result->cause == CORE_DRIVE)
		unload(w, CORE_CLOSE_DRIVE, *done_ns, done_ns);
}

static void fill_header(const struct writer *w, struct header *h)
{
	memset(h, 0, sizeof *h);
	snprintf(h->dump, sizeof h->dump, "%s", w->config.dump);
	h->dump_id = w->config.dump_id;
	memcpy(h->volume, w->tape->barcode, sizeof h->volume);
	h->sequence = w->volume.sequence;
	h->block_bytes = w->config.block_bytes;
}

static void step_label(struct writer *w, int64_t now_ns,
    struct core_result *result, int64_t *done_ns)
{
	struct tape_result answer;
	struct header h;

	w->volume.sequence = w->sequence + 1;
	fill_header(w, &h);
	h.type = HEADER_LABEL;
	header_format(&h, w->block, w->config.block_bytes);
	w->tape->ops->label(w->tape, w->block, w->config.block_bytes, now_ns,
	    &answer);
	take_answer(w, &answer, result, done_ns);
	w->volume.labelled = result->cause == CORE_OK;
	w->sequence += w->volume.labelled;
	if (result->cause != CORE_OK)
		trouble(w, *done_ns);
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
	XXH3_128bits_reset(w->sum);
	w->summed = true;
	w->message[0] = '\0';

	fill_header(w, &h);
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
	take_answer(w, &answer, result, done_ns);
	if (result->cause != CORE_OK)
		trouble(w, *done_ns);
}

/* The tape has taken the next `bytes` of the run: sums them. */
static void note_taken(struct writer *w, uint64_t bytes)
{
	const struct tape_run *run = w->run;
	const char *data;

	if (run->data != NULL) {
		data = (const char *)run->data + w->run_noted;
		XXH3_128bits_update(w->sum, data, bytes);
		if (w->config.can_replay)
			replay_note(&w->replay, run->offset + w->run_noted,
			    data, bytes);
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
	take_answer(w, &answer, result, done_ns);
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
	take_answer(w, &answer, result, done_ns);
	w->attempt.ended_ns = *done_ns;
}

static void step_report(struct writer *w, const struct core_step *step,
    struct core_result *result)
{
	struct writer_attempt *a = &w->attempt;
	XXH128_canonical_t canonical;
	size_t i;

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
	if (!w->summed)
		return;
	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(w->sum));
	for (i = 0; i < sizeof canonical.digest; i++)
		snprintf(w->before + 2 * i, 3, "%02x", canonical.digest[i]);
}

void writer_step(struct writer *w, const struct core_step *step,
    int64_t now_ns, struct core_result *result, int64_t *done_ns)
{
	memset(result, 0, sizeof *result);
	*done_ns = now_ns;
	switch (step->kind) {
	case CORE_LOAD:
		step_load(w, now_ns, result, done_ns);
		break;
	case CORE_LABEL:
		step_label(w, now_ns, result, done_ns);
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
		unload(w, step->close, now_ns, done_ns);
		break;
	default:
		assert(!"a step that can be carried out");
	}
}

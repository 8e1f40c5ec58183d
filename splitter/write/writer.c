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

static void on_raw(void *arg, bool attribute, uint16_t code, const void *data,
    size_t bytes)
{
	struct writer *w = arg;

	w->config.events.raw(w->config.events.arg, &w->volume, w->unloading,
	    attribute, code, data, bytes);
}

static void begin_watch(struct writer *w)
{
	const struct writer_events *events = &w->config.events;

	w->watch.warning = events->warning;
	w->watch.arg = events->arg;
	if (events->raw == NULL)
		return;
	w->watch.raw = on_raw;
	w->watch.raw_arg = w;
}

struct writer *writer_new(const struct writer_config *config, char *err,
    size_t err_bytes)
{
	struct writer *w = calloc(1, sizeof *w);

	if (w != NULL) {
		w->config = *config;
		if (w->config.policy == NULL)
			w->config.policy = policy_default;
		begin_watch(w);
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
		writer_write_run(w, step, now_ns, result, done_ns);
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

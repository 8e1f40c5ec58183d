/* vtime.c: the executor in virtual time. */
#include "sim/run/vtime.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/buffer/ring.h"
#include "splitter/base/later.h"

enum { PIECES_OF_BUFFER = 16, PIECE_MAX_BYTES = 8 << 20 };
#define NEVER        INT64_MAX
#define VTIME_MAX_NS (VTIME_MAX_YEARS * INT64_C(31556952000000000))

/*
 * State of the producer: it brings a piece, waits for room for a piece, or has
 * ended.
 */
enum producing { BRINGING, BLOCKED, ENDED };

struct vtime {
	const struct vtime_config *config;
	struct core core;
	struct writer *writer;
	struct ring *ring; /* NULL: no payload */
	struct dump_run_outcome *outcome;
	int64_t now_ns;

	struct feed feed;
	struct source_events events;
	enum producing producing;
	uint64_t piece_bytes; /* size of a piece */
	uint64_t brought;     /* bytes of the piece not yet accepted */
	int64_t ready_ns;     /* time at which the piece is complete */
	int64_t blocked_ns;   /* time at which the producer began to wait */

	bool out; /* a step is in progress */
	struct core_step step;
	struct core_result result;
	int64_t begun_ns, done_ns;
	int64_t idle_ns; /* time at which the drive began to wait, or -1 */
	bool idle_in_part;
};

/* Reports the step that has ended, or the bytes that the producer brought. */
static void report_sample(const struct vtime *v, bool of_step)
{
	const struct dump_run_config *t = &v->config->dump_run;
	struct dump_sample m = {
		.now_ns = v->now_ns,
		.accepted_bytes = v->core.accepted,
		.waiting_bytes = v->core.accepted - v->core.consumed,
		.begun_ns = v->begun_ns,
	};

	if (of_step) {
		m.step = &v->step;
		m.result = &v->result;
	}
	if (t->sample != NULL)
		t->sample(t->sample_arg, &m);
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/*
 * Starts the next piece of the producer, which ends at the next source event.
 */
static void bring_next(struct vtime *v)
{
	uint64_t at = v->core.accepted;
	int64_t pause_ns = source_events_pause(&v->events, at);

	v->brought = least(least(v->config->size_bytes - at, v->piece_bytes),
	    source_events_room(&v->events, at));
	v->ready_ns = later_add(v->now_ns,
	    later_add(pause_ns, feed_take(&v->feed, v->brought)));
	v->producing = BRINGING;
}

/*
 * Reads the piece into the buffer.  Returns the number of bytes; 0 at the end.
 */
static int64_t read_piece(struct vtime *v)
{
	uint64_t bytes = core_room(&v->core), contiguous;
	void *place = NULL;

	if (bytes > v->brought)
		bytes = v->brought;
	if (v->ring != NULL) {
		place = ring_at(v->ring, v->core.accepted, &contiguous);
		if (bytes > contiguous)
			bytes = contiguous;
	}
	return v->config->read(v->config->read_arg, place, bytes);
}

/* Writes accepted bytes to the spool, which takes no virtual time. */
static void spool(struct vtime *v)
{
	struct cache *cache = v->config->dump_run.cache;
	const struct writer_events *events = &v->config->dump_run.writer.events;
	struct dump_run_outcome *o = v->outcome;
	uint64_t offset, bytes, row;
	const void *data = NULL;

	while (cache != NULL && cache->ops->append != NULL &&
	    (bytes = dump_run_to_cache(&v->core, &offset)) > 0) {
		if (v->ring != NULL) {
			data = ring_at(v->ring, offset, &row);
			if (bytes > row)
				bytes = row;
		}
		if (cache->ops->append(cache, offset, data, bytes,
			o->cache_message, sizeof o->cache_message) == 0) {
			core_cached(&v->core, offset + bytes);
			continue;
		}
		core_cache_failed(&v->core);
		o->cache_failures++;
		if (events->warning != NULL)
			events->warning(events->arg, o->cache_message,
			    v->now_ns);
	}
}

/* Ends the step in progress, which is complete. */
static void end_step(struct vtime *v)
{
	struct cache *cache = v->config->dump_run.cache;
	uint64_t committed = v->core.committed;

	v->out = false;
	core_done(&v->core, &v->result);
	if (v->core.committed > committed && cache != NULL)
		cache->ops->forget(cache, v->core.committed);
	spool(v);
	report_sample(v, true);
}

/* Announces slices before their bytes are accepted. */
static void announce(struct vtime *v)
{
	uint64_t end;

	if (v->config->announced == NULL)
		return;
	end = v->config->announced(v->config->read_arg);
	if (end > v->core.cached)
		core_cached(&v->core, end);
}

static void end_of_dump(struct vtime *v)
{
	core_eof(&v->core);
	spool(v);
	v->producing = ENDED;
}

static void stop_producer(struct vtime *v, enum tape_cause reason)
{
	core_stop(&v->core, reason);
	v->producing = ENDED;
}

/*
 * Handles the source events after a piece that is in the buffer, and starts the
 * next piece.
 */
static void end_piece(struct vtime *v)
{
	uint64_t at = v->core.accepted;

	if (source_events_pauses(&v->events, at)) {
		bring_next(v);
		return;
	}
	switch (source_events_end(&v->events, at)) {
	case SOURCE_EVENT_FAIL:
		stop_producer(v, TAPE_PRODUCER_FAILED);
		break;
	case SOURCE_EVENT_CANCEL:
		stop_producer(v, TAPE_CANCELLED);
		break;
	default:
		if (at == v->config->size_bytes)
			end_of_dump(v);
		else
			bring_next(v);
		break;
	}
}

/* Moves the part of the complete piece for which the buffer has room. */
static void accept_piece(struct vtime *v)
{
	int64_t n = 0;

	while (v->brought > 0 && core_room(&v->core) > 0) {
		n = read_piece(v);
		if (n <= 0)
			break;
		announce(v);
		core_accept(&v->core, (uint64_t)n);
		spool(v);
		v->brought -= (uint64_t)n;
	}
	report_sample(v, false);
	if (n < 0) {
		stop_producer(v, TAPE_PRODUCER_FAILED);
	} else if (v->brought == 0) {
		end_piece(v);
	} else if (core_room(&v->core) > 0) {
		end_of_dump(v);
	} else {
		v->producing = BLOCKED;
		v->blocked_ns = v->now_ns;
	}
}

static void produce(struct vtime *v)
{
	if (core_stopped(&v->core))
		v->producing = ENDED;
	if (v->producing == BLOCKED && core_room(&v->core) > 0) {
		v->outcome->producer_blocked_ns += v->now_ns - v->blocked_ns;
		accept_piece(v);
	}
	while (v->producing == BRINGING && v->ready_ns <= v->now_ns)
		accept_piece(v);
}

/*
 * Begins the next step, if there is one.  Returns false if the dump has ended.
 */
static bool begin_step(struct vtime *v)
{
	if (!core_next(&v->core, &v->step)) {
		if (v->idle_ns < 0) {
			v->idle_ns = v->now_ns;
			v->idle_in_part = core_in_part(&v->core);
			v->outcome->underruns += v->idle_in_part;
		}
		return true;
	}
	if (v->idle_ns >= 0 && v->idle_in_part)
		v->outcome->drive_starved_ns += v->now_ns - v->idle_ns;
	v->idle_ns = -1;
	if (v->step.kind == CORE_DONE)
		return false;
	v->begun_ns = v->now_ns;
	writer_step(v->writer, &v->step, v->now_ns, &v->result, &v->done_ns);
	assert(v->done_ns >= v->now_ns);
	v->out = true;
	return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Returns the time of the next event. */
static int64_t next_ns(const struct vtime *v)
{
	int64_t next = NEVER;

	if (v->out)
		next = v->done_ns;
	if (v->producing == BRINGING)
		next = earlier(next, v->ready_ns);
	if (v->config->cancel_ns >= 0 && !core_stopped(&v->core))
		next = earlier(next, v->config->cancel_ns);
	assert(next != NEVER && next >= v->now_ns);
	return next;
}

/* Reports which operation takes more than VTIME_MAX_YEARS.  Returns -1. */
static int too_late(const struct vtime *v, char *err, size_t err_bytes)
{
	const char *what =
	    v->out && (v->producing != BRINGING || v->done_ns <= v->ready_ns)
	    ? "an operation of the drive"
	    : "the next bytes of the source";

	snprintf(err, err_bytes,
	    "simulated time would exceed %d years, waiting for %s, after "
	    "%" PRIu64 " bytes: a rate is too low, or a time or a slow-down "
	    "factor is too large",
	    VTIME_MAX_YEARS, what, v->core.committed);
	return -1;
}

/*
 * Runs the event loop.  Returns 0, or -1 with a message if the run takes more
 * than VTIME_MAX_YEARS.
 */
static int run(struct vtime *v, char *err, size_t err_bytes)
{
	int64_t next;

	for (;;) {
		if (v->out && v->done_ns <= v->now_ns)
			end_step(v);
		if (v->config->cancel_ns >= 0 &&
		    v->config->cancel_ns <= v->now_ns)
			core_stop(&v->core, TAPE_CANCELLED);
		produce(v);
		if (!v->out && !begin_step(v))
			break;
		next = next_ns(v);
		if (next > VTIME_MAX_NS)
			return too_late(v, err, err_bytes);
		v->now_ns = next;
	}
	dump_run_ended(&v->core, &v->step, v->writer, v->outcome);
	v->outcome->duration_ns = v->now_ns;
	return 0;
}

int vtime_run(const struct vtime_config *config,
    struct dump_run_outcome *outcome, char *err, size_t err_bytes)
{
	struct vtime v = { .config = config,
		.outcome = outcome,
		.feed = config->feed,
		.events = config->events,
		.idle_ns = -1 };
	const struct dump_run_config *t = &config->dump_run;
	struct writer_config writer = t->writer;
	int result = -1;

	memset(outcome, 0, sizeof *outcome);
	if (dump_run_check(t, err, err_bytes) != 0)
		return -1;
	core_init(&v.core, &t->core);
	v.piece_bytes = v.core.config.buffer_bytes / PIECES_OF_BUFFER;
	if (v.piece_bytes < v.core.config.block_bytes)
		v.piece_bytes = v.core.config.block_bytes;
	if (v.piece_bytes > PIECE_MAX_BYTES)
		v.piece_bytes = PIECE_MAX_BYTES;
	if (config->size_bytes == UINT64_MAX) /* any piece may be the last */
		v.piece_bytes = feed_piece(&v.feed, v.piece_bytes);
	if (config->payload)
		v.ring = ring_new(core_ring_bytes(&v.core), err, err_bytes);
	writer.end_record = t->core.end_record;
	writer.ring = v.ring;
	writer.cache = t->cache;
	if (!config->payload || v.ring != NULL)
		v.writer = writer_new(&writer, err, err_bytes);
	if (v.writer != NULL) {
		bring_next(&v);
		result = run(&v, err, err_bytes);
	}
	writer_free(v.writer);
	ring_free(v.ring);
	return result;
}

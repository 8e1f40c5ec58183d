/* stream.c: a dump in virtual time; see stream.h. */
#include "sim/run/stream.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/buffer/ring.h"
#include "splitter/base/later.h"

enum { PIECES_OF_BUFFER = 16, PIECE_MAX_BYTES = 8 << 20 };

/*
 * State of the producer: it brings a piece, waits for room for a piece, or has
 * ended.
 */
enum producing { BRINGING, BLOCKED, ENDED };

struct stream {
	struct stream_config config;
	struct core core;
	struct writer *writer;
	struct ring *ring; /* NULL: no payload */
	struct dump_run_outcome outcome;
	bool begun; /* the first step was taken */
	bool ended;
	int64_t begun_dump_ns; /* time of the first step */
	int64_t now_ns;        /* time of the last step */

	struct feed feed;
	struct source_events events;
	enum producing producing;
	uint64_t piece_bytes; /* size of a piece */
	uint64_t brought;     /* bytes of the piece not yet accepted */
	int64_t bringing_ns;  /* time at which the producer began the piece */
	int64_t arriving_ns;  /* time at which its first byte comes */
	int64_t ready_ns;     /* time at which the piece is complete */
	int64_t blocked_ns;   /* time at which the producer began to wait */

	bool out; /* a step is in progress */
	struct core_step step;
	struct core_result result;
	int64_t begun_ns, done_ns;
	int64_t cancel_ns; /* when to cancel the dump; negative: never */
	int64_t idle_ns;   /* time at which the drive began to wait, or -1 */
	bool idle_in_part;

	struct sums *sums;
	struct sums own_sums; /* if the configuration has none */
};

/* Returns the bytes in the buffer for which no write has begun. */
static uint64_t fill(const struct stream *s)
{
	uint64_t bytes = s->core.accepted - s->core.consumed;

	return s->out ? bytes - sums_new_bytes(&s->step, s->core.consumed)
		      : bytes;
}

/* Keeps the sums after a change of the fill. */
static void update_fill(struct stream *s)
{
	sums_fill(s->sums, s->now_ns, fill(s));
}

/*
 * Returns the bytes of the piece under way that the producer has at `at_ns`,
 * and that are not yet accepted.
 */
static uint64_t held(const struct stream *s, int64_t at_ns)
{
	if (s->producing == BLOCKED)
		return s->brought;
	return s->producing == BRINGING
	    ? sums_share(s->brought, s->arriving_ns, s->ready_ns, at_ns)
	    : 0;
}

/*
 * Returns the state at `at_ns`, which is between the last step and the next
 * event.  Of a piece or a step in progress, the share that has passed counts.
 */
static struct series_sample sample_at(const struct stream *s, int64_t at_ns)
{
	const struct sums *sums = s->sums;
	struct series_sample m = {
		.feed_bytes = s->core.accepted + held(s, at_ns),
		.tape_bytes = sums->tape_bytes,
		.feed_ns = sums->feed_ns,
		.write_ns = sums->step_ns[CORE_WRITE],
		.fill_bytes = sums->fill_bytes,
		.fill_byte_ns = sums->fill_byte_ns +
		    (series_area)sums->fill_bytes *
			(uint64_t)(at_ns - sums->fill_since_ns),
		.writing = s->out && s->step.kind == CORE_WRITE,
		.ended = s->producing == ENDED,
	};

	if (s->begun && s->producing == BRINGING)
		m.feed_ns += at_ns - s->bringing_ns;
	if (m.writing) {
		m.tape_bytes +=
		    sums_share(s->result.bytes, s->begun_ns, s->done_ns, at_ns);
		m.write_ns += at_ns - s->begun_ns;
	}
	return m;
}

/* Takes the samples that are due before the events at `now_ns`. */
static void take_samples(struct stream *s, int64_t now_ns)
{
	struct series *series = s->sums->series;
	struct series_sample m;

	while (series != NULL && series_next_ns(series) <= now_ns) {
		m = sample_at(s, series_next_ns(series));
		series_add(series, &m);
	}
}

/* Reports the step that has ended, or the bytes that the producer brought. */
static void report_sample(const struct stream *s, bool of_step)
{
	const struct dump_run_config *t = &s->config.dump_run;
	struct dump_sample m = {
		.now_ns = s->now_ns,
		.accepted_bytes = s->core.accepted,
		.waiting_bytes = s->core.accepted - s->core.consumed,
		.begun_ns = s->begun_ns,
	};

	if (of_step) {
		m.step = &s->step;
		m.result = &s->result;
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
static void bring_next(struct stream *s)
{
	uint64_t at = s->core.accepted;
	int64_t pause_ns = source_events_pause(&s->events, at);

	s->brought = least(least(s->config.size_bytes - at, s->piece_bytes),
	    source_events_room(&s->events, at));
	s->bringing_ns = s->now_ns;
	s->arriving_ns = later_add(s->now_ns, pause_ns);
	s->ready_ns = feed_ready(&s->feed, s->brought, s->now_ns, pause_ns);
	s->producing = BRINGING;
}

/*
 * Reads the piece into the buffer.  Returns the number of bytes; 0 at the end.
 */
static int64_t read_piece(struct stream *s)
{
	uint64_t bytes = core_room(&s->core), contiguous;
	void *place = NULL;

	if (bytes > s->brought)
		bytes = s->brought;
	if (s->ring != NULL) {
		place = ring_at(s->ring, s->core.accepted, &contiguous);
		if (bytes > contiguous)
			bytes = contiguous;
	}
	return s->config.read(s->config.read_arg, place, bytes);
}

/* Writes accepted bytes to the spool, which takes no virtual time. */
static void spool(struct stream *s)
{
	struct cache *cache = s->config.dump_run.cache;
	const struct writer_events *events = &s->config.dump_run.writer.events;
	struct dump_run_outcome *o = &s->outcome;
	uint64_t offset, bytes, row;
	const void *data = NULL;

	while (cache != NULL && cache->ops->append != NULL &&
	    (bytes = dump_run_to_cache(&s->core, &offset)) > 0) {
		if (s->ring != NULL) {
			data = ring_at(s->ring, offset, &row);
			if (bytes > row)
				bytes = row;
		}
		if (cache->ops->append(cache, offset, data, bytes,
			o->cache_message, sizeof o->cache_message) == 0) {
			dump_run_cached(&s->core, offset + bytes, o);
			continue;
		}
		core_cache_failed(&s->core);
		o->cache_failures++;
		if (events->warning != NULL)
			events->warning(events->arg, o->cache_message,
			    s->now_ns);
	}
}

/* Ends the step in progress, which is complete. */
static void end_step(struct stream *s)
{
	struct cache *cache = s->config.dump_run.cache;
	uint64_t committed = s->core.committed;

	s->out = false;
	sums_step(s->sums, &s->step, &s->result, s->begun_ns, s->now_ns);
	core_done(&s->core, &s->result);
	if (s->core.committed > committed && cache != NULL)
		cache->ops->forget(cache, s->core.committed);
	spool(s);
	update_fill(s);
	report_sample(s, true);
}

/* Announces slices before their bytes are accepted. */
static void announce(struct stream *s)
{
	uint64_t end;

	if (s->config.announced == NULL)
		return;
	end = s->config.announced(s->config.read_arg);
	if (end > s->core.cached)
		core_cached(&s->core, end);
}

static void end_of_dump(struct stream *s)
{
	core_eof(&s->core);
	spool(s);
	s->producing = ENDED;
}

static void stop_producer(struct stream *s, enum tape_cause reason)
{
	core_stop(&s->core, reason);
	s->producing = ENDED;
}

/*
 * Handles the source events after a piece that is in the buffer, and starts the
 * next piece.
 */
static void end_piece(struct stream *s)
{
	uint64_t at = s->core.accepted;

	if (source_events_pauses(&s->events, at)) {
		bring_next(s);
		return;
	}
	switch (source_events_end(&s->events, at)) {
	case SOURCE_EVENT_FAIL:
		stop_producer(s, TAPE_PRODUCER_FAILED);
		break;
	case SOURCE_EVENT_CANCEL:
		stop_producer(s, TAPE_CANCELLED);
		break;
	default:
		if (at == s->config.size_bytes)
			end_of_dump(s);
		else
			bring_next(s);
		break;
	}
}

/* Moves the part of the complete piece for which the buffer has room. */
static void accept_piece(struct stream *s)
{
	int64_t n = 0;

	if (s->producing == BRINGING)
		s->sums->feed_ns += s->now_ns - s->bringing_ns;
	while (s->brought > 0 && core_room(&s->core) > 0) {
		n = read_piece(s);
		if (n <= 0)
			break;
		announce(s);
		core_accept(&s->core, (uint64_t)n);
		feed_accepted(&s->feed, (uint64_t)n, s->now_ns);
		spool(s);
		s->brought -= (uint64_t)n;
	}
	update_fill(s);
	report_sample(s, false);
	if (n < 0) {
		stop_producer(s, TAPE_PRODUCER_FAILED);
	} else if (s->brought == 0) {
		end_piece(s);
	} else if (core_room(&s->core) > 0) {
		end_of_dump(s);
	} else {
		s->producing = BLOCKED;
		s->blocked_ns = s->now_ns;
	}
}

/* Ends the producer in the middle of a piece. */
static void abandon_piece(struct stream *s)
{
	if (s->producing == BRINGING)
		s->sums->feed_ns += s->now_ns - s->bringing_ns;
	s->producing = ENDED;
}

static void produce(struct stream *s)
{
	if (core_stopped(&s->core))
		abandon_piece(s);
	if (s->producing == BLOCKED && core_room(&s->core) > 0) {
		s->outcome.producer_blocked_ns += s->now_ns - s->blocked_ns;
		accept_piece(s);
	}
	while (s->producing == BRINGING && s->ready_ns <= s->now_ns)
		accept_piece(s);
}

/*
 * Begins the next step, if there is one.  Returns false if the dump has ended.
 */
static bool begin_step(struct stream *s)
{
	if (!core_next(&s->core, &s->step)) {
		if (s->idle_ns < 0) {
			s->idle_ns = s->now_ns;
			s->idle_in_part = core_in_part(&s->core);
			s->outcome.underruns += s->idle_in_part;
		}
		return true;
	}
	if (s->idle_ns >= 0) {
		s->sums->step_ns[CORE_NOTHING] += s->now_ns - s->idle_ns;
		if (s->idle_in_part)
			s->outcome.drive_starved_ns += s->now_ns - s->idle_ns;
	}
	s->idle_ns = -1;
	if (s->step.kind == CORE_DONE)
		return false;
	s->begun_ns = s->now_ns;
	writer_step(s->writer, &s->step, s->now_ns, &s->result, &s->done_ns);
	assert(s->done_ns >= s->now_ns);
	s->out = true;
	if (s->step.kind == CORE_WRITE)
		update_fill(s);
	return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Returns the time of the next event. */
static int64_t next_event(const struct stream *s)
{
	int64_t next = STREAM_NEVER;

	if (s->out)
		next = s->done_ns;
	if (s->producing == BRINGING)
		next = earlier(next, s->ready_ns);
	if (s->cancel_ns >= 0 && !core_stopped(&s->core))
		next = earlier(next, s->cancel_ns);
	assert(next != STREAM_NEVER && next >= s->now_ns);
	return next;
}

static void begin(struct stream *s, int64_t now_ns)
{
	s->begun = true;
	s->begun_dump_ns = s->now_ns = now_ns;
	if (s->config.cancel_ns >= 0)
		s->cancel_ns = later_add(now_ns, s->config.cancel_ns);
	bring_next(s);
}

static void end(struct stream *s)
{
	struct series_sample m = sample_at(s, s->now_ns);

	s->ended = true;
	if (s->sums->series != NULL)
		series_end(s->sums->series, s->now_ns, &m);
	dump_run_ended(&s->core, &s->step, s->writer, &s->outcome);
	s->outcome.duration_ns = s->now_ns - s->begun_dump_ns;
	s->outcome.late_max_ns = s->feed.late_max_ns;
	s->outcome.late_mean_ns = feed_late_mean_ns(&s->feed);
}

bool stream_step(struct stream *s, int64_t now_ns, int64_t *next_ns)
{
	assert(!s->ended);
	take_samples(s, now_ns);
	if (!s->begun)
		begin(s, now_ns);
	assert(now_ns >= s->now_ns);
	s->now_ns = now_ns;
	if (s->out && s->done_ns <= now_ns)
		end_step(s);
	if (s->cancel_ns >= 0 && s->cancel_ns <= now_ns)
		core_stop(&s->core, TAPE_CANCELLED);
	produce(s);
	if (!s->out && !begin_step(s)) {
		end(s);
		return false;
	}
	*next_ns = next_event(s);
	return true;
}

const char *stream_awaits(const struct stream *s)
{
	return s->out && (s->producing != BRINGING || s->done_ns <= s->ready_ns)
	    ? "an operation of the drive"
	    : "the next bytes of the source";
}

const char *stream_name(const struct stream *s)
{
	return s->config.dump_run.writer.dump;
}

uint64_t stream_committed_bytes(const struct stream *s)
{
	return s->core.committed;
}

const struct dump_run_outcome *stream_outcome(const struct stream *s)
{
	assert(s->ended);
	return &s->outcome;
}

static void choose_piece(struct stream *s)
{
	const struct core_config *k = &s->core.config;

	if (s->config.piece_bytes > 0) {
		s->piece_bytes = s->config.piece_bytes;
		return;
	}
	s->piece_bytes = k->buffer_bytes / PIECES_OF_BUFFER;
	if (s->piece_bytes < k->block_bytes)
		s->piece_bytes = k->block_bytes;
	if (s->piece_bytes > PIECE_MAX_BYTES)
		s->piece_bytes = PIECE_MAX_BYTES;
	if (s->piece_bytes > k->block_bytes) /* of equal times: feed.h */
		s->piece_bytes -= s->piece_bytes % k->block_bytes;
	if (s->config.size_bytes == UINT64_MAX) /* any piece may be the last */
		s->piece_bytes = feed_piece(&s->feed, s->piece_bytes);
}

struct stream *stream_new(const struct stream_config *config, char *err,
    size_t err_bytes)
{
	const struct dump_run_config *t = &config->dump_run;
	struct writer_config writer = t->writer;
	struct stream *s;

	if (dump_run_check(t, err, err_bytes) != 0)
		return NULL;
	s = calloc(1, sizeof *s);
	if (s == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	s->config = *config;
	s->events = config->events;
	s->cancel_ns = s->idle_ns = -1;
	s->sums = config->sums != NULL ? config->sums : &s->own_sums;
	core_init(&s->core, &t->core);
	feed_init(&s->feed, &config->feed, s->core.config.block_bytes);
	choose_piece(s);
	if (config->payload)
		s->ring = ring_new(core_ring_bytes(&s->core), err, err_bytes);
	writer.end_record = t->core.end_record;
	writer.ring = s->ring;
	writer.cache = t->cache;
	if (!config->payload || s->ring != NULL)
		s->writer = writer_new(&writer, err, err_bytes);
	if (s->writer != NULL)
		return s;
	stream_free(s);
	return NULL;
}

void stream_free(struct stream *s)
{
	if (s == NULL)
		return;
	writer_free(s->writer);
	ring_free(s->ring);
	free(s);
}

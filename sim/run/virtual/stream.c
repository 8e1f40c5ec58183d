/* stream.c: a dump in virtual time; see stream.h. */
#include "sim/run/virtual/impl.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/later.h"

enum { PIECES_OF_BUFFER = 16, PIECE_MAX_BYTES = 8 << 20 };

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
	stream_spool(s);
	stream_update_fill(s);
	stream_report_step(s);
}

/*
 * Asks whether the load that is the next step can be made now.  A dump that was
 * stopped does not wait: its load finds no volume.
 */
static bool can_load(struct stream *s)
{
	if (!s->waits)
		s->begun_ns = s->now_ns;
	if (s->step.kind != CORE_LOAD || s->config.load_ns == NULL)
		return true;
	s->ask_ns = s->config.load_ns(s->config.load_arg, s->now_ns);
	s->waits = s->ask_ns > s->now_ns;
	if (s->waits && core_stopped(&s->core)) {
		s->config.withdraw(s->config.load_arg, s->now_ns);
		s->outcome.drive_wait_ns += s->now_ns - s->begun_ns;
		s->waits = false;
		s->result = (struct core_result){ .cause = TAPE_NO_VOLUME };
		s->done_ns = s->now_ns;
		s->out = true;
		return false;
	}
	if (!s->waits)
		s->outcome.drive_wait_ns += s->now_ns - s->begun_ns;
	return !s->waits;
}

/* Carries out the next step, unless it must wait. */
static void carry_out(struct stream *s)
{
	if (!can_load(s))
		return;
	writer_step(s->writer, &s->step, stream_spool_read(s), &s->result,
	    &s->done_ns);
	assert(s->done_ns >= s->now_ns);
	s->out = true;
	if (s->step.kind == CORE_WRITE)
		stream_update_fill(s);
}

/*
 * Begins the next step, if there is one.  Returns false if the dump has ended.
 */
static bool begin_step(struct stream *s)
{
	if (s->waits) {
		carry_out(s);
		return true;
	}
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
	carry_out(s);
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
	if (s->waits)
		next = s->ask_ns;
	if (s->producing == BRINGING)
		next = earlier(next, s->ready_ns);
	if (s->spooling)
		next = earlier(next, s->spooled_ns);
	if (s->cancel_ns >= 0 && !core_stopped(&s->core))
		next = earlier(next, s->cancel_ns);
	assert((next != STREAM_NEVER || s->waits) && next >= s->now_ns);
	return next;
}

static void begin(struct stream *s, int64_t now_ns)
{
	s->begun = true;
	s->begun_dump_ns = s->now_ns = now_ns;
	if (s->config.cancel_ns >= 0)
		s->cancel_ns = later_add(now_ns, s->config.cancel_ns);
	stream_bring_next(s);
}

static void end(struct stream *s)
{
	struct series_sample m = stream_sample_at(s, s->now_ns);

	s->ended = true;
	/* A filter may have failed the load that was asked for. */
	if (s->config.load_ns != NULL)
		s->config.withdraw(s->config.load_arg, s->now_ns);
	s->sums->fed_before_bytes += s->core.accepted;
	if (s->sums->series != NULL && !s->config.more_runs)
		series_end(s->sums->series, s->now_ns, &m);
	dump_run_ended(&s->core, &s->step, s->writer, &s->outcome);
	s->outcome.duration_ns = s->now_ns - s->begun_dump_ns;
	s->outcome.late_max_ns = s->feed.late_max_ns;
	s->outcome.late_mean_ns = feed_late_mean_ns(&s->feed);
}

/* Cancels the dump at the time that was set for it. */
static void cancel(struct stream *s)
{
	if (!core_stopped(&s->core) && s->config.cancelled != NULL)
		s->config.cancelled(s->config.cancelled_arg);
	core_stop(&s->core, TAPE_CANCELLED);
}

bool stream_step(struct stream *s, int64_t now_ns, int64_t until_ns,
    int64_t *next_ns)
{
	bool begins;

	assert(!s->ended);
	stream_take_samples(s, now_ns);
	if (!s->begun)
		begin(s, now_ns);
	assert(now_ns >= s->now_ns);
	s->now_ns = now_ns;
	if (s->config.clock_ns != NULL)
		*s->config.clock_ns = now_ns;
	if (s->out && s->done_ns <= now_ns)
		end_step(s);
	if (s->cancel_ns >= 0 && s->cancel_ns <= now_ns)
		cancel(s);
	stream_spool_end(s);
	stream_produce(s);
	begins = !s->out;
	if (begins && !begin_step(s)) {
		end(s);
		return false;
	}
	if (begins && s->out && s->leaps)
		stream_leap(s, until_ns);
	*next_ns = next_event(s);
	return true;
}

bool stream_waits(const struct stream *s)
{
	return s->waits;
}

const char *stream_awaits(const struct stream *s)
{
	int64_t next;

	if (s->waits)
		return "a free drive";
	next = next_event(s);
	if (s->producing == BRINGING && s->ready_ns == next)
		return "the next bytes of the source";
	return s->spooling && s->spooled_ns == next
	    ? "the disk of the spool"
	    : "an operation of the drive";
}

uint64_t stream_leapt(const struct stream *s)
{
	return s->leapt;
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
	s->leaps = config->leaps &&
	    (t->cache == NULL ||
		(t->cache->ops->room != NULL && !stream_spool_takes_time(s)));
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

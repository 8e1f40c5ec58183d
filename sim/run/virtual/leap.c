/*
 * leap.c: many equal cycles of a stream at once.
 *
 * A cycle goes from the begin of a WRITE to the begin of the next one.  Times
 * of blocks and of pieces are constants, and all else that a cycle does is to
 * add and to compare.  So as long as no comparison comes out differently, each
 * cycle changes each member by the same amount, and k cycles are one addition.
 * The bounds here say for how long that is certain:
 *
 *   core_same()       the part does not end
 *   feed_steady()     pieces take equal times
 *   bytes_ahead()     neither the end of the dump, a source event nor the end
 *                     of the spool is reached
 *   last_moment()     no sample is due, no cancellation, no other stream
 *   writer_repeat()   the tape answers alike: its models are called for each
 *                     WRITE, and the leap ends with the first other answer
 *
 * There are two kinds of leaps:
 *
 *   together   Two moments in a row (struct mark) are equal except for a
 *              shift in time and in the dump: the producer brings as much in a cycle as
 *              the tape takes, or nothing, because it has ended or waits.
 *   apart      The buffer is neither full nor empty.  The tape writes run after
 *              run, and the producer brings piece after piece, neither waits.
 *
 * A leap is never needed: without it, the results are the same bit for bit.
 */
#include "sim/run/virtual/impl.h"

#include <assert.h>

__extension__ typedef __int128 wide;

/* Fewer cycles take less time than a leap. */
enum { CYCLES_LEAST = 2, FAILURES = 3, REST_MAX = 32 };

/* What happens in each of the cycles of a leap. */
struct cycle {
	int64_t period_ns, take_ns, each_ns; /* cycle, WRITE, piece */
	uint64_t run_bytes, accept, pieces;
};

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static struct mark mark_of(const struct stream *s)
{
	return (struct mark){
		.set = true,
		.now_ns = s->now_ns,
		.done_ns = s->done_ns,
		.run_bytes = s->step.bytes,
		.accepted = s->core.accepted,
		.producing = s->producing,
		.brought = s->brought,
		.pieces = s->pieces,
		.bringing_ns = s->bringing_ns,
		.ready_ns = s->ready_ns,
		.blocked_ns = s->blocked_ns,
		.due_ns = s->feed.due_ns,
		.segments = s->feed.segments,
		.underruns = s->outcome.underruns,
		.producer_blocked_ns = s->outcome.producer_blocked_ns,
		.drive_starved_ns = s->outcome.drive_starved_ns,
		.idle_ns = s->sums->step_ns[CORE_NOTHING],
		.feed_ns = s->sums->feed_ns,
		.fill_byte_ns = s->sums->fill_byte_ns,
		.late_byte_ns = s->feed.late_byte_ns,
	};
}

/* Returns the last moment that a leap may reach. */
static int64_t last_moment(const struct stream *s, int64_t until_ns)
{
	if (s->sums->series != NULL)
		until_ns = earlier(until_ns, series_next_ns(s->sums->series));
	if (s->cancel_ns >= 0)
		until_ns = earlier(until_ns, s->cancel_ns);
	return until_ns - 1;
}

/*
 * Returns how many bytes the producer may bring after the piece under way, so
 * that it meets neither the end of the dump nor a source event, and the spool
 * takes all of them.
 */
static uint64_t bytes_ahead(const struct stream *s)
{
	uint64_t at = s->core.accepted;
	uint64_t room = least(s->config.size_bytes - at,
	    source_events_room(&s->events, at));
	const struct cache *cache = s->config.dump_run.cache;

	if (cache != NULL)
		room = least(room, cache->ops->room(cache, at));
	return room > s->brought ? room - s->brought : 0;
}

static uint64_t cycles_until(int64_t last_ns, int64_t now_ns, int64_t period_ns)
{
	if (last_ns < now_ns)
		return 0;
	return period_ns > 0 ? (uint64_t)((last_ns - now_ns) / period_ns)
			     : UINT64_MAX;
}

/* Returns whether the producer is at the same point of its cycle. */
static bool produces_alike(const struct stream *s, const struct mark *a,
    const struct mark *b)
{
	int64_t period_ns = b->now_ns - a->now_ns;

	if (a->producing != b->producing || a->brought != b->brought ||
	    a->segments != b->segments ||
	    (s->config.feed.open && b->due_ns - a->due_ns != period_ns))
		return false;
	if (b->producing == BLOCKED)
		return b->blocked_ns - a->blocked_ns == period_ns;
	return b->producing == BRINGING &&
	    b->ready_ns - a->ready_ns == period_ns &&
	    b->bringing_ns - a->bringing_ns == period_ns;
}

/* Sets the cycle between two marks.  Returns whether the next can be equal. */
static bool is_together(const struct stream *s, const struct mark *a,
    const struct mark *b, struct cycle *c)
{
	*c = (struct cycle){
		.period_ns = b->now_ns - a->now_ns,
		.take_ns = b->done_ns - b->now_ns,
		.run_bytes = b->run_bytes,
		.accept = b->accepted - a->accepted,
		.pieces = b->pieces - a->pieces,
	};
	if (!a->set || a->run_bytes != b->run_bytes ||
	    a->done_ns - a->now_ns != c->take_ns)
		return false;
	if (c->accept == 0)
		return (b->producing == ENDED ||
			   (b->producing == BLOCKED &&
			       core_room(&s->core) == 0 &&
			       s->core.config.cache ==
				   SPLITTER_CACHE_MEMORY)) &&
		    a->producing == b->producing &&
		    b->run_bytes == core_run_bytes(&s->core);
	return c->accept == c->run_bytes &&
	    c->accept == c->pieces * s->piece_bytes && produces_alike(s, a, b);
}

/* Returns how often the cycle can be repeated, as far as the stream knows. */
static uint64_t together_most(const struct stream *s, struct cycle *c,
    int64_t last_ns)
{
	uint64_t most = cycles_until(last_ns, s->now_ns, c->period_ns), waiting;

	if (c->accept == 0) {
		waiting = s->core.accepted - s->core.attempted;
		return waiting < c->run_bytes
		    ? 0
		    : least(most, waiting / c->run_bytes - 1);
	}
	most = least(most, bytes_ahead(s) / c->accept);
	if (s->core.config.cache == SPLITTER_CACHE_MEMORY)
		most = least(most, core_room(&s->core) / c->accept);
	if (most < CYCLES_LEAST)
		return 0;
	return least(most,
	    feed_steady(&s->feed, s->piece_bytes, &c->each_ns) / c->pieces);
}

/* Carries out the WRITEs of at most `most` cycles.  Returns how many. */
static uint64_t write_cycles(struct stream *s, const struct cycle *c,
    uint64_t most)
{
	uint64_t n = core_same(&s->core, most);

	if (n < CYCLES_LEAST)
		return 0;
	return writer_repeat(s->writer, &s->step, n, s->now_ns + c->period_ns,
	    c->period_ns, c->take_ns, &s->result, &s->done_ns);
}

/* Does what n cycles come to in the core, the source and the sums. */
static void advance(struct stream *s, const struct cycle *c, uint64_t n,
    uint64_t pieces)
{
	uint64_t accept = pieces * s->piece_bytes;
	int64_t all_ns = (int64_t)n * c->period_ns;

	core_repeat(&s->core, n, accept);
	if (s->config.dump_run.cache != NULL)
		dump_run_cached(&s->core, s->core.cached, &s->outcome);
	s->step.offset += n * c->run_bytes;
	s->now_ns += all_ns;
	s->begun_ns = s->now_ns;
	s->sums->tape_bytes += n * c->run_bytes;
	s->sums->step_ns[CORE_WRITE] += (int64_t)n * c->take_ns;
	s->sums->fill_since_ns = s->now_ns;
	if (pieces == 0)
		return;
	s->pieces += pieces;
	feed_skip(&s->feed, pieces, s->piece_bytes, c->each_ns);
	s->feed.accepted_bytes += accept;
	/* If a signal came, the next piece meets it. */
	s->config.read(s->config.read_arg, NULL, accept);
}

/* Adds what the producer and the counters did in n cycles like the last one. */
static void add_cycles(struct stream *s, const struct mark *a,
    const struct mark *b, uint64_t n)
{
	int64_t k = (int64_t)n, all_ns = k * (b->now_ns - a->now_ns);

	s->bringing_ns += all_ns;
	s->arriving_ns += all_ns;
	s->ready_ns += all_ns;
	s->blocked_ns += all_ns;
	s->outcome.underruns += n * (b->underruns - a->underruns);
	s->outcome.producer_blocked_ns +=
	    k * (b->producer_blocked_ns - a->producer_blocked_ns);
	s->outcome.drive_starved_ns +=
	    k * (b->drive_starved_ns - a->drive_starved_ns);
	s->sums->step_ns[CORE_NOTHING] += k * (b->idle_ns - a->idle_ns);
	s->sums->feed_ns += k * (b->feed_ns - a->feed_ns);
	s->sums->fill_byte_ns += n * (b->fill_byte_ns - a->fill_byte_ns);
	s->feed.late_byte_ns += n * (b->late_byte_ns - a->late_byte_ns);
}

/*
 * Returns the sum over i = 0 .. n-1 of bytes * (all_ns - first_ns - i *
 * each_ns): how much n equal changes of the fill, each_ns apart, add to its
 * integral until all_ns.
 */
static series_area area_of(uint64_t n, uint64_t bytes, int64_t all_ns,
    int64_t first_ns, int64_t each_ns)
{
	series_area one = (series_area)n * (uint64_t)(all_ns - first_ns);

	if (n > 0)
		one -= (series_area)n * (n - 1) / 2 * (uint64_t)each_ns;
	return one * bytes;
}

/*
 * Changes the fill: n runs were begun, the last of them now, and pieces
 * accepted, the first of them first_ns after the begin of the leap.
 */
static void add_fill(struct stream *s, const struct cycle *c, uint64_t n,
    uint64_t pieces, int64_t first_ns)
{
	struct sums *sums = s->sums;
	int64_t all_ns = (int64_t)n * c->period_ns;

	sums->fill_byte_ns += (series_area)sums->fill_bytes * (uint64_t)all_ns;
	sums->fill_byte_ns +=
	    area_of(pieces, s->piece_bytes, all_ns, first_ns, c->each_ns);
	sums->fill_byte_ns -=
	    area_of(n, c->run_bytes, all_ns, c->period_ns, c->period_ns);
	sums->fill_bytes += pieces * s->piece_bytes;
	sums->fill_bytes -= n * c->run_bytes;
}

static uint64_t leap_together(struct stream *s, const struct mark *now,
    int64_t last_ns)
{
	const struct mark before = s->mark;
	struct cycle c;
	uint64_t n;

	if (!is_together(s, &before, now, &c))
		return 0;
	n = write_cycles(s, &c, together_most(s, &c, last_ns));
	if (n == 0)
		return 0;
	advance(s, &c, n, n * c.pieces);
	if (c.accept > 0)
		add_cycles(s, &before, now, n);
	else
		add_fill(s, &c, n, 0, 0);
	return n;
}

/*
 * Returns for how many i from 0 on a + i * b >= 0, at most `most`.
 */
static uint64_t holds(wide a, wide b, uint64_t most)
{
	wide n;

	if (a < 0)
		return 0;
	if (b >= 0)
		return most;
	n = a / -b + 1;
	return n < (wide)most ? (uint64_t)n : most;
}

/*
 * Returns how many of the next pieces can be accepted without a wait, and
 * without a fill that was not there before, while the tape writes.  When piece
 * i comes, at first_ns + i * each_ns, at least one run less than in the straight
 * line of time has been written.
 */
static uint64_t pieces_apart(const struct stream *s, const struct cycle *c,
    int64_t first_ns, uint64_t most)
{
	const struct core *core = &s->core;
	uint64_t ring = core_ring_bytes(core), top = s->sums->fill_max_bytes;
	wide run = (wide)c->run_bytes, piece = (wide)s->piece_bytes, room;

	if (core->config.cache == SPLITTER_CACHE_MEMORY)
		most = least(most, core_room(core) / s->piece_bytes);
	else
		top = least(top, ring - c->run_bytes);
	room = (wide)top - (wide)(core->accepted - core->attempted) - piece;
	return holds(c->take_ns * room + run * first_ns,
	    run * c->each_ns - piece * c->take_ns, most);
}

/*
 * Returns how many WRITEs find their bytes.  When WRITE j begins, at j *
 * take_ns, at least the pieces of the straight line of time have come.
 */
static uint64_t runs_apart(const struct stream *s, const struct cycle *c,
    int64_t first_ns, uint64_t most)
{
	wide run = (wide)c->run_bytes, piece = (wide)s->piece_bytes;
	wide waiting = (wide)(s->core.accepted - s->core.attempted);
	wide each = piece * c->take_ns - run * c->each_ns;

	return holds(c->each_ns * (waiting - run) - piece * first_ns + each,
	    each, most);
}

/* Returns how many pieces come in this time. */
static uint64_t pieces_in(int64_t all_ns, int64_t first_ns, int64_t each_ns)
{
	return all_ns < first_ns
	    ? 0
	    : (uint64_t)((all_ns - first_ns) / each_ns) + 1;
}

static bool may_be_apart(const struct stream *s, const struct mark *now)
{
	uint64_t run = now->run_bytes;

	return s->producing == BRINGING && s->brought == s->piece_bytes &&
	    now->done_ns > now->now_ns && run == core_run_bytes(&s->core) &&
	    s->core.accepted - s->core.attempted >= 2 * run + s->piece_bytes &&
	    core_room(&s->core) >= run + s->piece_bytes;
}

static uint64_t leap_apart(struct stream *s, const struct mark *now,
    int64_t last_ns)
{
	struct cycle c = { .period_ns = now->done_ns - now->now_ns,
		.take_ns = now->done_ns - now->now_ns,
		.run_bytes = now->run_bytes };
	int64_t first_ns = s->ready_ns - s->now_ns, all_ns;
	uint64_t n, pieces;

	if (!may_be_apart(s, now))
		return 0;
	n = cycles_until(last_ns, s->now_ns, c.period_ns);
	if (n < CYCLES_LEAST)
		return 0;
	pieces = feed_steady(&s->feed, s->piece_bytes, &c.each_ns);
	if (pieces == 0 || c.each_ns == 0)
		return 0;
	pieces = least(pieces, bytes_ahead(s) / s->piece_bytes);
	pieces = pieces_apart(s, &c, first_ns, pieces);
	n = runs_apart(s, &c, first_ns, n);
	if (pieces < pieces_in((int64_t)n * c.period_ns, first_ns, c.each_ns))
		n = (uint64_t)((first_ns + (wide)pieces * c.each_ns - 1) /
		    c.period_ns);
	n = write_cycles(s, &c, n);
	if (n == 0)
		return 0;
	all_ns = (int64_t)n * c.period_ns;
	pieces = pieces_in(all_ns, first_ns, c.each_ns);
	advance(s, &c, n, pieces);
	add_fill(s, &c, n, pieces, first_ns);
	if (pieces > 0) {
		s->sums->feed_ns += s->ready_ns - s->bringing_ns +
		    (int64_t)(pieces - 1) * c.each_ns;
		s->ready_ns += (int64_t)pieces * c.each_ns;
		s->bringing_ns = s->arriving_ns = s->ready_ns - c.each_ns;
	}
	return n;
}

/* Returns whether the step that has begun is a WRITE like those of a leap. */
static bool is_plain_write(const struct stream *s)
{
	return s->step.kind == CORE_WRITE && s->step.source == CORE_RING &&
	    s->result.cause == TAPE_OK && !s->result.leom &&
	    s->result.bytes == s->step.bytes;
}

void stream_leap(struct stream *s, int64_t until_ns)
{
	int64_t last_ns = last_moment(s, until_ns);
	struct mark now;
	uint64_t n;

	/* The disk of a spool that takes time has a period of its own. */
	if (!is_plain_write(s) || s->rest > 0 || stream_spool_takes_time(s)) {
		s->rest -= s->rest > 0;
		s->mark.set = false;
		return;
	}
	now = mark_of(s);
	n = leap_together(s, &now, last_ns);
	if (n == 0)
		n = leap_apart(s, &now, last_ns);
	if (n > 0) {
		s->failures = 0;
		s->leapt += n;
		now = mark_of(s);
	} else if (s->mark.set && ++s->failures > FAILURES) {
		s->rest =
		    least(UINT32_C(1) << (s->failures - FAILURES), REST_MAX);
		s->failures -= s->rest == REST_MAX;
	}
	s->mark = now;
}

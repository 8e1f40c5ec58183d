/*
 * produce.c: the producer of a stream brings pieces, which go into the buffer
 * and the spool.
 */
#include "sim/run/virtual/impl.h"

#include <assert.h>

#include "splitter/base/later.h"

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void stream_bring_next(struct stream *s)
{
	uint64_t at = s->core.accepted;
	int64_t pause_ns = source_events_pause(&s->events, at), limit_ns;

	s->brought = least(least(s->config.size_bytes - at, s->piece_bytes),
	    source_events_room(&s->events, at));
	s->pieces++;
	s->bringing_ns = s->now_ns;
	s->arriving_ns = later_add(s->now_ns, pause_ns);
	s->ready_ns = feed_ready(&s->feed, s->brought, s->now_ns, pause_ns);
	if (s->config.limit != NULL) {
		limit_ns =
		    shared_rate_serve(s->config.limit, s->brought, s->now_ns);
		if (s->ready_ns < limit_ns)
			s->ready_ns = limit_ns;
	}
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
	stream_spool(s);
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
		stream_bring_next(s);
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
			stream_bring_next(s);
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
		stream_spool(s);
		s->brought -= (uint64_t)n;
	}
	stream_update_fill(s);
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

void stream_produce(struct stream *s)
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

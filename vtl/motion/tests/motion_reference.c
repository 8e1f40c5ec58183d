/*
 * motion_reference.c: see motion_reference.h.
 *
 * It keeps the arrival of every block in a list, and takes no step that covers
 * more than one block.
 */
#include "vtl/motion/tests/motion_reference.h"

#include <stdlib.h>

#define NEVER INT64_MAX

struct block {
	uint64_t bytes, factor;
	int64_t arrived_ns;
};

struct motion_reference {
	const struct motion_model *model;
	struct block *list; /* all blocks that ever arrived */
	size_t count, room, written;
	uint64_t bytes; /* in the buffer */
	enum { STANDS, STREAMS, REVERSES } state;
	int64_t at_ns;
	size_t speed;
	int forced_speed;
	bool flushing;
	uint64_t on_wrap, retry;
	int64_t retry_ns; /* of the last block */
	int64_t started_ns, held_before_ns;
	int64_t flushes_ns, flushing_since_ns;
	uint64_t arrived_bytes, arrived_before;
	int64_t window_ns, window_waited_ns;
	int64_t waiting_since_ns, done_ns;
	struct motion_counts counts;
	bool hungry; /* stopped for data, and not started again */
	int64_t hungry_ns;
};

static int64_t up(uint64_t a, uint64_t b, uint64_t c)
{
	return (int64_t)(((unsigned __int128)a * b + c - 1) / c);
}

static int64_t hitch(const struct motion_reference *r, size_t speed)
{
	const struct motion_model *k = r->model;
	int64_t low = k->hitch_ns / 1000 * k->hitch_permille;

	return low +
	    up((uint64_t)(k->hitch_ns - low), k->speeds_bytes_per_s[speed],
		k->speeds_bytes_per_s[k->speeds - 1]);
}

static int64_t waited(const struct motion_reference *r, int64_t at)
{
	return r->counts.waited_ns +
	    (r->waiting_since_ns < at ? at - r->waiting_since_ns : 0);
}

/* The host waited, or waits, for room or for a flush. */
static int64_t held(const struct motion_reference *r, int64_t at)
{
	return waited(r, at) + r->flushes_ns +
	    (r->flushing_since_ns < at ? at - r->flushing_since_ns : 0);
}

/* Bytes per second since the last start. */
static uint64_t feed(const struct motion_reference *r, int64_t at)
{
	int64_t took = at - r->started_ns - (held(r, at) - r->held_before_ns);

	return took <= 0 ? UINT64_MAX
			 : (uint64_t)((unsigned __int128)(r->arrived_bytes -
					  r->arrived_before) *
			       1000000000 / (uint64_t)took);
}

static uint64_t receives(const struct motion_reference *r, size_t i,
    uint64_t feed)
{
	const struct motion_model *k = r->model;
	uint64_t v = k->speeds_bytes_per_s[i];
	unsigned __int128 h = (unsigned __int128)hitch(r, i), s;
	unsigned __int128 b = (unsigned __int128)k->buffer_bytes * 1000000000;

	if (v <= feed || feed * h <= b)
		return v <= feed ? v : feed;
	s = b / (v - feed);
	return (uint64_t)((feed * s + b) / (s + h));
}

static size_t chosen(const struct motion_reference *r, uint64_t feed)
{
	const struct motion_model *k = r->model;
	const uint64_t *v = k->speeds_bytes_per_s;
	size_t best = 0, i;

	for (i = 1; i < k->speeds; i++)
		if ((k->rule == MODEL_TOP) ||
		    (k->rule == MODEL_BELOW && v[i] <= feed) ||
		    (k->rule == MODEL_ABOVE && v[best] < feed) ||
		    (k->rule == MODEL_BEST &&
			receives(r, i, feed) > receives(r, best, feed)))
			best = i;
	return best;
}

static void sated(struct motion_reference *r, int64_t at)
{
	if (r->hungry && at > r->hungry_ns)
		r->counts.starved_ns += at - r->hungry_ns;
	r->hungry = false;
}

static void begin(struct motion_reference *r, int64_t at)
{
	r->speed = r->forced_speed >= 0 ? (size_t)r->forced_speed
					: chosen(r, feed(r, at));
	r->forced_speed = -1;
	sated(r, at);
	r->counts.standing_ns += at - r->at_ns;
	r->counts.starts++;
	r->state = STREAMS;
	r->retry_ns = 0;
	r->at_ns = at;
	r->started_ns = at;
	r->arrived_before = r->arrived_bytes;
	r->held_before_ns = held(r, at);
	r->window_ns =
	    r->model->window_ns == 0 ? NEVER : at + r->model->window_ns;
	r->window_waited_ns = waited(r, at);
}

static void reverse(struct motion_reference *r)
{
	r->at_ns += hitch(r, r->speed);
	r->counts.hitch_ns += hitch(r, r->speed);
}

static void halt(struct motion_reference *r, uint64_t *count)
{
	++*count;
	r->state = REVERSES;
	reverse(r);
}

static bool gains_by_force(struct motion_reference *r)
{
	const struct motion_model *k = r->model;
	int64_t now_waited = waited(r, r->at_ns);
	int64_t in_window = now_waited - r->window_waited_ns;
	size_t to = r->speed + 2 < k->speeds ? r->speed + 2 : k->speeds - 1;
	uint64_t left = k->wrap_bytes - r->on_wrap;

	r->window_ns = r->at_ns + k->window_ns;
	r->window_waited_ns = now_waited;
	if (in_window < k->window_ns / 1000 * k->forced_permille ||
	    r->speed + 1 >= k->speeds || k->wrap_bytes == 0 ||
	    up(left, 1000000000, k->speeds_bytes_per_s[r->speed]) -
		    up(left, 1000000000, k->speeds_bytes_per_s[to]) <=
		hitch(r, r->speed) / 100 * 150)
		return false;
	r->forced_speed = (int)to;
	return true;
}

static void write_one(struct motion_reference *r)
{
	const struct motion_model *k = r->model;
	const struct block *b = &r->list[r->written++];
	int64_t ns = up(b->bytes, 1000000000, k->speeds_bytes_per_s[r->speed]) *
	    (int64_t)b->factor;

	r->at_ns += ns;
	r->done_ns = r->at_ns;
	r->counts.speed_ns[r->speed] += ns;
	r->counts.fill_byte_ns += b->bytes *
	    (unsigned __int128)(uint64_t)(r->done_ns - b->arrived_ns);
	r->bytes -= b->bytes;
	r->on_wrap += b->bytes;
	if (k->wrap_bytes != 0 && r->on_wrap >= k->wrap_bytes) {
		r->on_wrap %= k->wrap_bytes;
		r->counts.turns++;
		r->speed = chosen(r, feed(r, r->at_ns));
		r->at_ns += k->turn_ns;
		r->counts.turn_ns += k->turn_ns;
	}
	if (r->at_ns >= r->window_ns && gains_by_force(r))
		halt(r, &r->counts.stops_forced);
	r->retry_ns = 0;
	if (r->written == r->retry) {
		r->retry_ns = hitch(r, r->speed);
		r->counts.retries++;
		reverse(r);
		r->done_ns = r->at_ns;
	}
}

/* Returns when the blocks that arrived were enough to start. */
static int64_t enough_ns(const struct motion_reference *r)
{
	uint64_t sum = 0;

	for (size_t i = r->written; i < r->count; i++)
		if ((sum += r->list[i].bytes) >= r->model->restart_bytes)
			return r->list[i].arrived_ns;
	return NEVER;
}

static int64_t when_it_starts(const struct motion_reference *r)
{
	int64_t at, first;

	if (r->written == r->count)
		return NEVER;
	at = enough_ns(r);
	first = r->list[r->written].arrived_ns + r->model->write_delay_ns;
	if (r->model->write_delay_ns > 0 && first < at)
		at = first;
	if (r->waiting_since_ns < at)
		at = r->waiting_since_ns;
	return at < r->at_ns ? r->at_ns : at;
}

static void run_out(struct motion_reference *r)
{
	bool flushed = r->flushing;

	r->flushing = false;
	if (!flushed) {
		r->hungry = true;
		r->hungry_ns = r->at_ns;
	}
	if (flushed && r->model->sync_without_hitch)
		r->state = STANDS;
	else
		halt(r,
		    flushed ? &r->counts.stops_for_flush
			    : &r->counts.stops_for_data);
}

/* The next event before `until`.  All blocks have arrived. */
static bool event(struct motion_reference *r, int64_t until)
{
	int64_t at;

	switch (r->state) {
	case STREAMS:
		if (r->written == r->count) {
			if (r->at_ns >= until)
				return false;
			run_out(r);
			return true;
		}
		at = r->at_ns +
		    up(r->list[r->written].bytes, 1000000000,
			r->model->speeds_bytes_per_s[r->speed]) *
			(int64_t)r->list[r->written].factor;
		if (at >= until)
			return false;
		write_one(r);
		return true;
	case REVERSES:
		if (r->at_ns >= until)
			return false;
		r->state = STANDS;
		if (r->forced_speed >= 0 ||
		    (r->flushing && r->written < r->count))
			begin(r, r->at_ns);
		return true;
	default:
		at = when_it_starts(r);
		if (at == NEVER || at >= until)
			return false;
		begin(r, at);
		return true;
	}
}

struct motion_reference *motion_reference_new(const struct motion_model *model)
{
	struct motion_reference *r = calloc(1, sizeof *r);

	if (r == NULL)
		abort();
	r->model = model;
	r->forced_speed = -1;
	r->waiting_since_ns = r->flushing_since_ns = NEVER;
	return r;
}

static bool has_room(const struct motion_reference *r, uint64_t bytes)
{
	return r->written == r->count ||
	    r->bytes + bytes <= r->model->buffer_bytes;
}

/* Returns when a block that is ready can go into the buffer. */
static int64_t wait_for_room(struct motion_reference *r, uint64_t bytes,
    int64_t ready)
{
	int64_t at = ready;

	while (event(r, ready))
		;
	if (has_room(r, bytes))
		return at;
	r->waiting_since_ns = ready;
	while (!has_room(r, bytes))
		event(r, NEVER);
	if (r->done_ns > at)
		at = r->done_ns;
	r->waiting_since_ns = NEVER;
	r->counts.waited_ns += at - ready;
	return at;
}

int64_t motion_reference_write(struct motion_reference *r,
    const struct motion_run *run, int64_t now)
{
	const struct motion_model *k = r->model;
	int64_t bus = k->command_ns;

	if (k->bus_bytes_per_s != 0)
		bus += up(run->block_bytes, 1000000000, k->bus_bytes_per_s);
	for (uint64_t i = 0; i < run->blocks; i++) {
		now = wait_for_room(r, run->medium_bytes, now + bus);
		if (r->count == r->room) {
			r->room = 2 * r->room + 64;
			r->list = realloc(r->list, r->room * sizeof *r->list);
			if (r->list == NULL)
				abort();
		}
		r->list[r->count++] =
		    (struct block){ run->medium_bytes, run->factor, now };
		r->bytes += run->medium_bytes;
		r->arrived_bytes += run->medium_bytes;
	}
	return now;
}

int64_t motion_reference_flush(struct motion_reference *r, int64_t now)
{
	motion_reference_advance(r, now);
	if (r->written == r->count && r->state != STREAMS) {
		sated(r, now);
		return now;
	}
	r->flushing_since_ns = now;
	r->flushing = true;
	if (r->state == STANDS)
		begin(r, now > r->at_ns ? now : r->at_ns);
	while (r->flushing)
		event(r, NEVER);
	r->flushing_since_ns = NEVER;
	if (r->done_ns > now)
		r->flushes_ns += r->done_ns - now;
	return r->done_ns > now ? r->done_ns : now;
}

void motion_reference_advance(struct motion_reference *r, int64_t now)
{
	while (event(r, now))
		;
}

void motion_reference_retry(struct motion_reference *r, uint64_t block)
{
	r->retry = block;
}

void motion_reference_get_counts(struct motion_reference *r, int64_t now,
    struct motion_counts *counts)
{
	int64_t past, retry;

	motion_reference_advance(r, now);
	*counts = r->counts;
	if (r->hungry && now > r->hungry_ns)
		counts->starved_ns += now - r->hungry_ns;
	past = now - r->at_ns;
	if (r->state == REVERSES)
		counts->hitch_ns += past;
	else if (past < 0) {
		retry = r->retry_ns < -past ? r->retry_ns : -past;
		counts->hitch_ns -= retry;
		counts->turn_ns += past + retry;
	} else if (r->state == STANDS)
		counts->standing_ns += past;
	else
		counts->speed_ns[r->speed] += past;
	for (size_t i = r->written; i < r->count; i++)
		counts->fill_byte_ns += r->list[i].bytes *
		    (unsigned __int128)(uint64_t)(now - r->list[i].arrived_ns);
}

uint64_t motion_reference_written(const struct motion_reference *r)
{
	return r->written;
}

void motion_reference_free(struct motion_reference *r)
{
	free(r->list);
	free(r);
}

/*
 * host.c: the host writes; and what the drive does with the medium and
 * asks about it.  See motion.h.
 */
#include "vtl/motion/impl.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Returns how many blocks of this size the buffer has room for. */
static uint64_t room_for(const struct motion *m, uint64_t medium_bytes)
{
	if (m->bytes + medium_bytes > m->model.buffer_bytes)
		return m->blocks == 0 ? 1 : 0;
	return (m->model.buffer_bytes - m->bytes) / medium_bytes;
}

/*
 * The blocks that the buffer has room for arrive without waiting.  Returns how
 * many.
 */
static uint64_t write_freely(struct motion *m, const struct motion_run *run,
    uint64_t blocks, int64_t bus_ns, int64_t *now_ns)
{
	uint64_t n = min64(blocks, room_for(m, run->medium_bytes));

	if (n == 0 || m->mark != UINT64_MAX ||
	    m->waits_since_ns != MOTION_NEVER)
		return 0;
	motion_put(m, run, n, later_add(*now_ns, bus_ns), bus_ns);
	*now_ns = later_add(*now_ns, later_times(bus_ns, n));
	/* After the last block, the next call does so. */
	if (n < blocks)
		motion_advance(m, *now_ns);
	return n;
}

uint64_t motion_in_step(struct motion *m, const struct motion_run *run,
    uint64_t blocks, int64_t bus_ns, int64_t now_ns)
{
	const struct motion_stretch *s = &m->ring[m->first];
	uint64_t n;
	int64_t each_ns;

	if (m->mark != UINT64_MAX || m->waits_since_ns != MOTION_NEVER ||
	    m->state != MOTION_STREAMING || m->window_ns <= m->free_ns ||
	    m->count == 0 || s->medium_bytes != run->medium_bytes ||
	    room_for(m, run->medium_bytes) > 0)
		return 0;
	each_ns = motion_block_ns(m, s);
	if (each_ns < bus_ns || each_ns == 0 ||
	    later_add(now_ns, bus_ns) > later_add(m->free_ns, each_ns))
		return 0;
	n = min64(blocks, s->blocks);
	/* Divisions are slow, and seldom needed. */
	if (m->model.wrap_bytes != 0 && n * s->medium_bytes >= m->wrap_left)
		n = (m->wrap_left - 1) / s->medium_bytes;
	if (later_add(m->free_ns, later_times(each_ns, n)) >= m->window_ns)
		n = (uint64_t)(m->window_ns - m->free_ns - 1) /
		    (uint64_t)each_ns;
	return n;
}

void motion_write_in_step(struct motion *m, const struct motion_run *run,
    uint64_t n, int64_t bus_ns, int64_t *now_ns)
{
	int64_t each_ns = motion_block_ns(m, &m->ring[m->first]);

	m->counts.waited_ns = later_add(m->counts.waited_ns,
	    later_add(later_times(each_ns - bus_ns, n), m->free_ns - *now_ns));
	motion_put(m, run, n, later_add(m->free_ns, each_ns), each_ns);
	motion_arrive(m, later_add(m->free_ns, later_times(each_ns, n)));
	motion_take(m, n, each_ns);
	*now_ns = m->free_ns;
}

/*
 * A block waits until there is room for it, if need be.  Returns 1; 0: the mark
 * was reached, and the block was not taken.
 */
static uint64_t write_waiting(struct motion *m, const struct motion_run *run,
    int64_t bus_ns, int64_t *now_ns)
{
	int64_t ready = later_add(*now_ns, bus_ns), at = ready;

	motion_advance(m, ready);
	if (room_for(m, run->medium_bytes) == 0)
		m->waits_since_ns = ready;
	while (room_for(m, run->medium_bytes) == 0)
		if (!motion_event(m, MOTION_NEVER, 1))
			break;
	if (m->waits_since_ns != MOTION_NEVER && m->written_ns > at)
		at = m->written_ns;
	if (m->written == m->mark)
		return 0;
	if (m->waits_since_ns != MOTION_NEVER)
		m->counts.waited_ns =
		    later_add(m->counts.waited_ns, at - m->waits_since_ns);
	m->waits_since_ns = MOTION_NEVER;
	motion_put(m, run, 1, at, 0);
	motion_arrive(m, at);
	*now_ns = at;
	return 1;
}

int64_t motion_bus_ns(struct motion *m, uint64_t block_bytes)
{
	if (m->bus_bytes == block_bytes)
		return m->bus_ns;
	m->bus_bytes = block_bytes;
	m->bus_ns = m->model.command_ns;
	if (m->model.bus_bytes_per_s != 0)
		m->bus_ns = later_add(m->bus_ns,
		    later_scale(block_bytes, 1000000000,
			m->model.bus_bytes_per_s));
	return m->bus_ns;
}

int motion_write(struct motion *m, const struct motion_run *run, int64_t now_ns,
    uint64_t *taken, int64_t *done_ns)
{
	int64_t bus_ns = motion_bus_ns(m, run->block_bytes);
	uint64_t left = run->blocks, n;

	*taken = 0;
	*done_ns = now_ns;
	if (motion_reserve(m) != 0)
		return -1;
	motion_advance(m, now_ns);
	for (; left > 0; left -= n) {
		n = write_freely(m, run, left, bus_ns, done_ns);
		if (n == 0) {
			n = motion_in_step(m, run, left, bus_ns, *done_ns);
			if (n > 0)
				motion_write_in_step(m, run, n, bus_ns,
				    done_ns);
		}
		if (n == 0)
			n = write_waiting(m, run, bus_ns, done_ns);
		if (n == 0)
			break;
	}
	*taken = run->blocks - left;
	m->answered_ns = *done_ns;
	return 0;
}

void motion_set_mark(struct motion *m, uint64_t blocks)
{
	m->mark = blocks == UINT64_MAX ? UINT64_MAX : m->written + blocks;
}

void motion_retry(struct motion *m)
{
	int64_t hitch = motion_hitch_ns(&m->model, m->speed);

	m->counts.retries++;
	m->counts.hitch_ns = later_add(m->counts.hitch_ns, hitch);
	m->free_ns = later_add(m->free_ns, hitch);
	m->written_ns = m->free_ns;
	m->retry_ns = hitch;
}

/*
 * Corrects counts, which are those of the time free_ns, for an earlier or later
 * instant.
 */
static void count_until(const struct motion *m, int64_t at_ns,
    struct motion_counts *counts)
{
	int64_t past = at_ns - m->free_ns, retry;

	if (m->state == MOTION_BACKHITCH) {
		counts->hitch_ns += past;
	} else if (past < 0) {
		retry = m->retry_ns < -past ? m->retry_ns : -past;
		counts->hitch_ns -= retry;
		counts->turn_ns += past + retry;
	} else if (m->state == MOTION_STANDING) {
		counts->standing_ns += past;
	} else {
		counts->speed_ns[m->speed] += past;
	}
}

/*
 * The medium stops whatever it does, at an instant, and stands from until_ns
 * on.
 */
static void stand(struct motion *m, int64_t at_ns, int64_t until_ns)
{
	count_until(m, at_ns, &m->counts);
	motion_end_starving(m, at_ns);
	m->state = MOTION_STANDING;
	m->forced_speed = MODEL_SPEEDS_MAX;
	m->flushing = false;
	m->free_ns = until_ns;
}

void motion_drop(struct motion *m, int64_t now_ns)
{
	uint64_t arrived;

	motion_advance(m, now_ns);
	arrived = m->bytes - m->coming * m->coming_bytes;
	m->counts.fill_byte_ns += (unsigned __int128)arrived * (uint64_t)now_ns;
	if (m->waits_since_ns < now_ns)
		m->counts.waited_ns += now_ns - m->waits_since_ns;
	m->waits_since_ns = MOTION_NEVER;
	m->blocks = m->bytes = m->coming = 0;
	m->count = 0;
	m->mark = UINT64_MAX;
	stand(m, now_ns, now_ns);
}

void motion_place(struct motion *m, uint64_t medium_byte, int64_t now_ns,
    int64_t until_ns)
{
	const uint64_t wrap = m->model.wrap_bytes;

	motion_advance(m, now_ns);
	assert(m->blocks == 0);
	stand(m, now_ns, until_ns);
	m->answered_ns = until_ns;
	motion_measure(m, until_ns);
	m->wrap_left = wrap == 0 ? 0 : wrap - medium_byte % wrap;
}

uint64_t motion_written_blocks(const struct motion *m)
{
	return m->written;
}

int64_t motion_written_ns(const struct motion *m)
{
	return m->written_ns;
}

/* Advances to the instant, or to the last answer; returns which. */
static int64_t look(struct motion *m, int64_t now_ns)
{
	int64_t at_ns = now_ns > m->answered_ns ? now_ns : m->answered_ns;

	motion_advance(m, at_ns);
	return at_ns;
}

enum motion_state motion_get_state(struct motion *m, int64_t now_ns,
    size_t *speed)
{
	int64_t at_ns = look(m, now_ns);

	*speed = m->speed;
	if (m->state == MOTION_BACKHITCH || m->free_ns <= at_ns)
		return m->state;
	return m->free_ns - m->retry_ns <= at_ns ? MOTION_BACKHITCH
						 : MOTION_TURNING;
}

uint64_t motion_buffered_bytes(struct motion *m, int64_t now_ns)
{
	look(m, now_ns);
	return m->bytes - m->coming * m->coming_bytes;
}

void motion_get_counts(struct motion *m, int64_t now_ns,
    struct motion_counts *counts)
{
	int64_t at_ns = look(m, now_ns);

	*counts = m->counts;
	counts->fill_byte_ns +=
	    (unsigned __int128)motion_buffered_bytes(m, at_ns) *
	    (uint64_t)at_ns;
	count_until(m, at_ns, counts);
	if (m->starves_since_ns < at_ns)
		counts->starved_ns =
		    later_add(counts->starved_ns, at_ns - m->starves_since_ns);
}

void motion_reset(struct motion *m, const struct motion_model *model,
    int64_t now_ns)
{
	struct motion_stretch *ring = m->ring;
	size_t room = m->room;

	memset(m, 0, sizeof *m);
	m->ring = ring;
	m->room = room;
	m->model = *model;
	m->state = MOTION_STANDING;
	m->free_ns = m->start_ns = m->answered_ns = now_ns;
	m->waits_since_ns = m->flush_since_ns = MOTION_NEVER;
	m->starves_since_ns = MOTION_NEVER;
	m->forced_speed = MODEL_SPEEDS_MAX;
	m->mark = UINT64_MAX;
	m->wrap_left = model->wrap_bytes;
}

void motion_set_model(struct motion *m, const struct motion_model *model)
{
	assert(m->blocks == 0);
	m->model = *model;
	m->timed_bytes = m->bus_bytes = 0;
}

struct motion *motion_new(const struct motion_model *model, int64_t now_ns)
{
	struct motion *m = calloc(1, sizeof *m);

	if (m != NULL)
		motion_reset(m, model, now_ns);
	return m;
}

void motion_free(struct motion *m)
{
	if (m != NULL)
		free(m->ring);
	free(m);
}

/*
 * repeat.c: many equal runs at once, between two events.
 *
 * Between two events the medium stands, or writes a block every each_ns, and
 * nothing else changes.  Run i begins at begin + i * every and has b blocks, of
 * which block c arrives bus_ns * c later.  Whether a run is like the one before
 * it depends on comparisons that are linear in i, so the number of equal runs
 * is found without looking at each.  Where a number of blocks is rounded, the
 * comparison has a margin: a run that might be another is left to the caller.
 */
#include "vtl/motion/impl.h"

/* More than a run of any test or simulation, and no sum of it overflows. */
enum { BLOCKS_MAX = 1 << 20 };

/* A signed sum that cannot overflow. */
typedef __int128 wide;

/* What the runs and the medium have in common. */
struct repeat {
	const struct motion_run *run;
	int64_t begin_ns, every_ns, take_ns, bus_ns, each_ns;
	uint64_t times; /* how many runs are equal, as far as is known */
};

static void limit(struct repeat *r, wide times)
{
	if (times < 0)
		r->times = 0;
	else if (times < (wide)r->times)
		r->times = (uint64_t)times;
}

/* Ends the runs where at + i * slope, for run i, would become negative. */
static void limit_slope(struct repeat *r, wide at, wide slope)
{
	if (at < 0)
		r->times = 0;
	else if (slope < 0)
		limit(r, at / -slope + 1);
}

/* Ends the runs with the last one whose answer is not after this instant. */
static void limit_end(struct repeat *r, int64_t end_ns)
{
	wide left = (wide)end_ns - r->begin_ns - r->take_ns;

	limit_slope(r, left, -(wide)r->every_ns);
}

/* The medium streams: it neither runs out of blocks nor turns. */
static void limit_streaming(const struct motion *m, struct repeat *r)
{
	const wide each = r->each_ns, b = (wide)r->run->blocks;
	const wide s = (wide)r->run->medium_bytes, q = (wide)m->blocks;
	const wide slope = b * each - r->every_ns;

	/* When the head is free for the first and the last block of a run. */
	limit_slope(r, m->free_ns + q * each - r->begin_ns - r->bus_ns, slope);
	limit_slope(r,
	    m->free_ns + (q + b - 1) * each - r->begin_ns - b * r->bus_ns,
	    slope);
	/* There is room for a run when it begins, with two blocks to spare. */
	limit_slope(r,
	    ((wide)m->model.buffer_bytes / s - q - b - 2) * each + r->begin_ns -
		m->free_ns,
	    -slope);
	if (m->window_ns != MOTION_NEVER)
		limit_end(r, m->window_ns - 1);
	if (m->model.wrap_bytes != 0) {
		wide n = (wide)(m->wrap_left - 1) / s;
		wide end_ns = m->free_ns + n * each;

		limit_end(r,
		    end_ns < LATER_MOST_NS ? (int64_t)end_ns : LATER_MOST_NS);
	}
}

/* The medium does not move, and nothing makes it start. */
static void limit_resting(const struct motion *m, struct repeat *r)
{
	const uint64_t bytes = r->run->blocks * r->run->medium_bytes;
	uint64_t oldest_ns =
	    (uint64_t)(m->blocks > 0 ? m->oldest_ns : r->begin_ns + r->bus_ns);

	limit(r,
	    m->bytes < m->model.buffer_bytes
		? (wide)((m->model.buffer_bytes - m->bytes) / bytes)
		: 0);
	if (m->state == MOTION_BACKHITCH) {
		limit_end(r, m->free_ns);
		return;
	}
	limit(r,
	    m->bytes < m->model.restart_bytes
		? (wide)((m->model.restart_bytes - m->bytes - 1) / bytes)
		: 0);
	if (m->model.write_delay_ns > 0)
		limit_end(r,
		    later_add((int64_t)oldest_ns, m->model.write_delay_ns));
}

/* Returns when block k of all the runs arrives, from 0. */
static int64_t arrival_ns(const struct repeat *r, uint64_t k)
{
	uint64_t b = r->run->blocks;

	return r->begin_ns + (int64_t)(k / b) * r->every_ns +
	    (int64_t)(k % b + 1) * r->bus_ns;
}

/* Puts the blocks of all the runs into the queue; they have arrived. */
static void put_all(struct motion *m, const struct repeat *r)
{
	const unsigned __int128 k = r->times, b = r->run->blocks;
	const uint64_t n = r->times * r->run->blocks;
	const uint64_t s = r->run->medium_bytes, bytes = n * s;
	unsigned __int128 sum;

	/* The sum of all arrivals. */
	sum = k * b * (uint64_t)r->begin_ns;
	sum += b * (k * (k - 1) / 2) * (uint64_t)r->every_ns;
	sum += k * (b * (b + 1) / 2) * (uint64_t)r->bus_ns;
	m->counts.fill_byte_ns -= s * sum;
	if (m->blocks == 0)
		m->oldest_ns = arrival_ns(r, 0);
	if (m->state != MOTION_STREAMING && m->bytes < m->model.restart_bytes &&
	    m->bytes + bytes >= m->model.restart_bytes)
		m->reached_ns =
		    arrival_ns(r, (m->model.restart_bytes - m->bytes - 1) / s);
	motion_put(m, r->run, n, 0, 0);
	m->coming = 0;
	m->arrived_bytes += bytes;
}

/* Each run arrives without waiting. */
static void repeat_freely(struct motion *m, struct repeat *r)
{
	int64_t end_ns;

	if (m->state == MOTION_STREAMING)
		limit_streaming(m, r);
	else
		limit_resting(m, r);
	if (r->times == 0)
		return;
	put_all(m, r);
	end_ns =
	    r->begin_ns + (int64_t)(r->times - 1) * r->every_ns + r->take_ns;
	m->answered_ns = end_ns;
	/* The limits are such that this takes one step. */
	motion_advance(m, end_ns);
}

/* Each block of each run waits for room. */
static void repeat_in_step(struct motion *m, struct repeat *r)
{
	const uint64_t b = r->run->blocks;
	uint64_t done = 0, n;
	int64_t now_ns = r->begin_ns;

	while (done < r->times) {
		n = motion_in_step(m, r->run, (r->times - done) * b, r->bus_ns,
		    now_ns);
		if (n < b)
			break;
		motion_write_in_step(m, r->run, n / b * b, r->bus_ns, &now_ns);
		done += n / b;
	}
	r->times = done;
	if (done > 0)
		m->answered_ns = now_ns;
}

uint64_t motion_repeat(struct motion *m, const struct motion_run *run,
    const struct motion_repeat *repeat)
{
	const struct motion_stretch *s = &m->ring[m->first];
	struct repeat r = { .run = run,
		.begin_ns = repeat->begin_ns,
		.every_ns = repeat->every_ns,
		.take_ns = repeat->take_ns,
		.bus_ns = motion_bus_ns(m, run->block_bytes),
		.times = repeat->times };

	motion_advance(m, r.begin_ns);
	if (motion_reserve(m) != 0 || m->mark != UINT64_MAX ||
	    m->waits_since_ns != MOTION_NEVER || m->coming > 0 || m->flushing ||
	    m->count > 1 || run->blocks > BLOCKS_MAX ||
	    r.every_ns < r.take_ns || r.every_ns == 0)
		return 0;
	limit_end(&r, LATER_MOST_NS);
	limit(&r, BLOCKS_MAX);
	s = &m->ring[m->first];
	if (m->count == 1 &&
	    (s->medium_bytes != run->medium_bytes || s->factor != run->factor))
		return 0;
	r.each_ns = motion_block_ns(m,
	    &(struct motion_stretch){ 0, run->medium_bytes, run->factor });
	if (r.take_ns == (int64_t)run->blocks * r.bus_ns)
		repeat_freely(m, &r);
	else if (r.take_ns == (int64_t)run->blocks * r.each_ns &&
	    r.every_ns == r.take_ns && r.begin_ns == m->free_ns)
		repeat_in_step(m, &r);
	else
		return 0;
	return r.times;
}

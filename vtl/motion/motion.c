/*
 * motion.c: the queue, and the medium, from one event to the next.  As many
 * blocks as can be written without another event are written in one step.  See
 * motion.h.
 */
#include "vtl/motion/impl.h"

#include <assert.h>
#include <stdlib.h>

enum { RING_ROOM = 16 /* a power of 2 */ };

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Returns the sum of n times that begin at first_ns, spacing_ns apart. */
static unsigned __int128 sum_of_times(uint64_t n, int64_t first_ns,
    int64_t spacing_ns)
{
	return (unsigned __int128)n * (uint64_t)first_ns +
	    (unsigned __int128)n * (n - 1) / 2 * (uint64_t)spacing_ns;
}

static struct motion_stretch *head(struct motion *m)
{
	return &m->ring[m->first];
}

static uint64_t arrived_bytes(const struct motion *m)
{
	return m->bytes - m->coming * m->coming_bytes;
}

/*
 * Returns which of the blocks that come reaches the restart level, counted from
 * 0; the level must not be reached yet.  `coming` or more: none.
 */
static uint64_t restarting(const struct motion *m)
{
	return (m->model.restart_bytes - arrived_bytes(m) - 1) /
	    m->coming_bytes;
}

/* Returns when block `k` of those that come arrives. */
static int64_t arrival_ns(const struct motion *m, uint64_t k)
{
	return later_add(m->coming_ns, later_times(m->spacing_ns, k));
}

void motion_arrive(struct motion *m, int64_t until_ns)
{
	uint64_t n, k;

	if (m->coming == 0 || m->coming_ns > until_ns)
		return;
	/* Divisions are slow: without one, if all have arrived. */
	n = arrival_ns(m, m->coming - 1) <= until_ns
	    ? m->coming
	    : (uint64_t)((until_ns - m->coming_ns) / m->spacing_ns) + 1;
	if (m->blocks == m->coming)
		m->oldest_ns = m->coming_ns;
	if (m->state != MOTION_STREAMING &&
	    arrived_bytes(m) < m->model.restart_bytes &&
	    (k = restarting(m)) < n)
		m->reached_ns = arrival_ns(m, k);
	m->counts.fill_byte_ns -=
	    m->coming_bytes * sum_of_times(n, m->coming_ns, m->spacing_ns);
	m->coming -= n;
	m->coming_ns = arrival_ns(m, n);
	m->arrived_bytes += n * m->coming_bytes;
}

void motion_end_starving(struct motion *m, int64_t at_ns)
{
	if (m->starves_since_ns < at_ns)
		m->counts.starved_ns = later_add(m->counts.starved_ns,
		    at_ns - m->starves_since_ns);
	m->starves_since_ns = MOTION_NEVER;
}

/* The medium starts.  Time that it stood is counted. */
static void start(struct motion *m, int64_t at_ns)
{
	motion_arrive(m, at_ns);
	motion_end_starving(m, at_ns);
	m->counts.standing_ns += at_ns - m->free_ns;
	m->counts.starts++;
	m->speed = m->forced_speed < m->model.speeds ? m->forced_speed
						     : motion_choose(m, at_ns);
	m->forced_speed = MODEL_SPEEDS_MAX;
	m->state = MOTION_STREAMING;
	m->free_ns = at_ns;
	m->retry_ns = 0;
	motion_measure(m, at_ns);
}

/* The medium stops; `*count` is the number of stops for this reason. */
static void stop(struct motion *m, uint64_t *count)
{
	int64_t hitch = motion_hitch_ns(&m->model, m->speed);

	++*count;
	m->state = MOTION_BACKHITCH;
	m->free_ns = later_add(m->free_ns, hitch);
	m->counts.hitch_ns = later_add(m->counts.hitch_ns, hitch);
}

/* The end of a wrap: the medium turns, and may change its speed. */
static void turn(struct motion *m)
{
	motion_arrive(m, m->free_ns);
	m->counts.turns++;
	m->speed = motion_choose(m, m->free_ns);
	m->free_ns = later_add(m->free_ns, m->model.turn_ns);
	m->counts.turn_ns = later_add(m->counts.turn_ns, m->model.turn_ns);
}

void motion_take(struct motion *m, uint64_t n, int64_t each_ns)
{
	struct motion_stretch *s = head(m);
	uint64_t bytes = n * s->medium_bytes;
	int64_t all_ns = later_times(each_ns, n);

	m->counts.fill_byte_ns += s->medium_bytes *
	    sum_of_times(n, later_add(m->free_ns, each_ns), each_ns);
	m->free_ns = m->written_ns = later_add(m->free_ns, all_ns);
	m->counts.speed_ns[m->speed] =
	    later_add(m->counts.speed_ns[m->speed], all_ns);
	m->retry_ns = 0;
	m->written += n;
	m->blocks -= n;
	m->bytes -= bytes;
	s->blocks -= n;
	if (s->blocks == 0) {
		m->first = (m->first + 1) & (m->room - 1);
		m->count--;
	}
	if (m->model.wrap_bytes == 0)
		return;
	if (bytes < m->wrap_left) {
		m->wrap_left -= bytes;
		return;
	}
	/* Only the last block can cross the end; it may be longer than a wrap. */
	m->wrap_left =
	    m->model.wrap_bytes - (bytes - m->wrap_left) % m->model.wrap_bytes;
	turn(m);
}

/*
 * Returns how many blocks of the head of the queue can be written one after
 * another, so that all are complete before until_ns, and no other event is
 * before the end of the last.
 */
static uint64_t writable(const struct motion *m, int64_t each_ns,
    int64_t until_ns)
{
	const struct motion_stretch *s = &m->ring[m->first];
	uint64_t arrived = m->blocks - m->coming;
	uint64_t n = min64(s->blocks, m->mark - m->written);
	int64_t late, end_ns;

	if (until_ns <= m->free_ns)
		return 0;
	/* Divisions are slow, and seldom needed. */
	if (m->model.wrap_bytes != 0 && n * s->medium_bytes > m->wrap_left)
		n = min64(n, (m->wrap_left - 1) / s->medium_bytes + 1);
	end_ns = later_add(m->free_ns, later_times(each_ns, n));
	if (end_ns >= until_ns && until_ns != MOTION_NEVER) {
		n = (uint64_t)(until_ns - 1 - m->free_ns) / (uint64_t)each_ns;
		end_ns = m->free_ns + (int64_t)n * each_ns;
	}
	if (end_ns >= m->window_ns)
		n = min64(n,
		    m->window_ns <= m->free_ns
			? 1
			: (uint64_t)(m->window_ns - m->free_ns - 1) /
				(uint64_t)each_ns +
			    1);
	if (n <= arrived)
		return n;
	/*
	 * Block k > arrived is there in time if this is >= 0; it is linear in
	 * k: free + k each - coming - (k - arrived) spacing.
	 */
	late =
	    later_add(m->free_ns, later_times(each_ns, arrived)) - m->coming_ns;
	if (late < 0)
		return arrived;
	if (each_ns >= m->spacing_ns)
		return n;
	return min64(n,
	    arrived + 1 + (uint64_t)late / (uint64_t)(m->spacing_ns - each_ns));
}

/*
 * Returns when the standing medium starts; MOTION_NEVER: not as far as is known
 * yet.
 */
static int64_t start_ns(const struct motion *m)
{
	const struct motion_model *model = &m->model;
	int64_t at = MOTION_NEVER, delayed = MOTION_NEVER;
	uint64_t k;

	if (m->blocks == 0)
		return MOTION_NEVER;
	if (arrived_bytes(m) >= model->restart_bytes)
		at = m->reached_ns;
	else if (m->coming > 0 && (k = restarting(m)) < m->coming)
		at = arrival_ns(m, k);
	if (model->write_delay_ns > 0)
		delayed = later_add(model->write_delay_ns,
		    m->blocks > m->coming ? m->oldest_ns : m->coming_ns);
	if (delayed < at)
		at = delayed;
	if (m->waits_since_ns < at)
		at = m->waits_since_ns;
	return at < m->free_ns ? m->free_ns : at;
}

/* The queue is empty: the medium stops. */
static void run_out(struct motion *m)
{
	bool flushed = m->flushing;

	m->flushing = false;
	if (!flushed)
		m->starves_since_ns = m->free_ns;
	if (flushed && m->model.sync_without_hitch)
		m->state = MOTION_STANDING;
	else
		stop(m,
		    flushed ? &m->counts.stops_for_flush
			    : &m->counts.stops_for_data);
}

static bool stream(struct motion *m, int64_t until_ns, uint64_t most)
{
	uint64_t n;
	int64_t each_ns;

	motion_arrive(m, m->free_ns);
	if (m->blocks == m->coming) {
		if (m->free_ns >= until_ns)
			return false;
		run_out(m);
		return true;
	}
	each_ns = motion_block_ns(m, head(m));
	n = min64(writable(m, each_ns, until_ns), most);
	if (n == 0)
		return false;
	motion_take(m, n, each_ns);
	if (m->free_ns >= m->window_ns && motion_forces(m))
		stop(m, &m->counts.stops_forced);
	return true;
}

bool motion_event(struct motion *m, int64_t until_ns, uint64_t most)
{
	int64_t at;

	if (m->written == m->mark)
		return false;
	switch (m->state) {
	case MOTION_STREAMING:
		return stream(m, until_ns, most);
	case MOTION_BACKHITCH:
		if (m->free_ns >= until_ns)
			return false;
		m->state = MOTION_STANDING;
		if (m->forced_speed < m->model.speeds ||
		    (m->flushing && m->blocks > m->coming))
			start(m, m->free_ns);
		return true;
	default:
		at = start_ns(m);
		if (at >= until_ns)
			return false;
		start(m, at);
		return true;
	}
}

void motion_advance(struct motion *m, int64_t now_ns)
{
	while (motion_event(m, now_ns, UINT64_MAX))
		;
	motion_arrive(m, now_ns);
}

int motion_reserve(struct motion *m)
{
	size_t room = m->room == 0 ? RING_ROOM : 2 * m->room;
	struct motion_stretch *ring;

	if (m->count < m->room)
		return 0;
	ring = calloc(room, sizeof *ring);
	if (ring == NULL)
		return -1;
	for (size_t i = 0; i < m->count; i++)
		ring[i] = m->ring[(m->first + i) & (m->room - 1)];
	free(m->ring);
	m->ring = ring;
	m->room = room;
	m->first = 0;
	return 0;
}

void motion_put(struct motion *m, const struct motion_run *run, uint64_t n,
    int64_t first_ns, int64_t spacing_ns)
{
	struct motion_stretch *last =
	    &m->ring[(m->first + m->count - 1) & (m->room - 1)];

	assert(m->coming == 0);
	if (m->count > 0 && last->medium_bytes == run->medium_bytes &&
	    last->factor == run->factor)
		last->blocks += n;
	else
		m->ring[(m->first + m->count++) & (m->room - 1)] =
		    (struct motion_stretch){ n, run->medium_bytes,
			    run->factor };
	m->blocks += n;
	m->bytes += n * run->medium_bytes;
	m->coming = n;
	m->coming_ns = first_ns;
	m->spacing_ns = spacing_ns;
	m->coming_bytes = run->medium_bytes;
}

int64_t motion_flush(struct motion *m, int64_t now_ns)
{
	motion_advance(m, now_ns);
	/* A flush that passes a mark is several calls. */
	m->flush_since_ns = now_ns > m->answered_ns ? now_ns : m->answered_ns;
	if (m->written != m->mark &&
	    (m->blocks > 0 || m->state == MOTION_STREAMING))
		m->flushing = true;
	else if (m->blocks == 0)
		motion_end_starving(m, now_ns);
	if (m->flushing && m->state == MOTION_STANDING)
		start(m, now_ns > m->free_ns ? now_ns : m->free_ns);
	while (m->flushing && motion_event(m, MOTION_NEVER, UINT64_MAX))
		;
	m->answered_ns = m->written_ns > now_ns ? m->written_ns : now_ns;
	if (m->answered_ns > m->flush_since_ns)
		m->flushes_ns = later_add(m->flushes_ns,
		    m->answered_ns - m->flush_since_ns);
	m->flush_since_ns = MOTION_NEVER;
	return m->answered_ns;
}

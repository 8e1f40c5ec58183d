/* speed.c: which speed the medium has.  See motion.h. */
#include "vtl/motion/impl.h"

#define SECOND UINT64_C(1000000000)

enum { GAIN_PERCENT = 150, STEPS_UP = 2 };

int64_t motion_hitch_ns(const struct motion_model *model, size_t speed)
{
	int64_t least = model->hitch_ns / 1000 * model->hitch_permille;

	return least +
	    later_scale((uint64_t)(model->hitch_ns - least),
		model->speeds_bytes_per_s[speed],
		model->speeds_bytes_per_s[model->speeds - 1]);
}

int64_t motion_block_ns(struct motion *m, const struct motion_stretch *s)
{
	if (m->timed_bytes != s->medium_bytes || m->timed_speed != m->speed) {
		m->timed_bytes = s->medium_bytes;
		m->timed_speed = m->speed;
		m->timed_ns = later_scale(s->medium_bytes, SECOND,
		    m->model.speeds_bytes_per_s[m->speed]);
	}
	return later_times(m->timed_ns, s->factor);
}

/* Returns how long the host has waited in all, up to an instant. */
static int64_t waited_ns(const struct motion *m, int64_t at_ns)
{
	return later_add(m->counts.waited_ns,
	    m->waits_since_ns < at_ns ? at_ns - m->waits_since_ns : 0);
}

/* Returns how long the host could bring nothing, up to an instant. */
static int64_t held_ns(const struct motion *m, int64_t at_ns)
{
	return later_add(waited_ns(m, at_ns),
	    later_add(m->flushes_ns,
		m->flush_since_ns < at_ns ? at_ns - m->flush_since_ns : 0));
}

/* Returns the feed in bytes per second.  UINT64_MAX: it cannot be known. */
static uint64_t feed(const struct motion *m, int64_t at_ns)
{
	int64_t took =
	    at_ns - m->start_ns - (held_ns(m, at_ns) - m->start_held_ns);
	unsigned __int128 bytes = m->arrived_bytes - m->start_bytes;

	if (took <= 0)
		return UINT64_MAX;
	bytes = bytes * SECOND / (uint64_t)took;
	return bytes < UINT64_MAX ? (uint64_t)bytes : UINT64_MAX;
}

/*
 * Returns what a speed receives of a feed: the feed, unless the speed is lower,
 * or the host waits because the buffer does not last for a backhitch.
 */
static uint64_t received(const struct motion_model *model, size_t speed,
    uint64_t feed)
{
	uint64_t v = model->speeds_bytes_per_s[speed];
	unsigned __int128 hitch =
			      (unsigned __int128)motion_hitch_ns(model, speed),
			  buffer = model->buffer_bytes, stream_ns;

	if (v <= feed)
		return v;
	if (feed * hitch <= buffer * SECOND)
		return feed;
	/* A full buffer streams for stream_ns, then a backhitch follows. */
	stream_ns = buffer * SECOND / (v - feed);
	return (uint64_t)((feed * stream_ns + buffer * SECOND) /
	    (stream_ns + hitch));
}

/* Returns the slowest of the speeds that receive most. */
static size_t best(const struct motion_model *model, uint64_t feed)
{
	uint64_t most = received(model, 0, feed), one;
	size_t speed = 0;

	for (size_t i = 1; i < model->speeds; i++)
		if ((one = received(model, i, feed)) > most) {
			most = one;
			speed = i;
		}
	return speed;
}

size_t motion_choose(const struct motion *m, int64_t at_ns)
{
	const struct motion_model *model = &m->model;
	const uint64_t *v = model->speeds_bytes_per_s;
	uint64_t bytes_per_s = feed(m, at_ns);
	size_t i = 0;

	switch (model->rule) {
	case MODEL_TOP:
		return model->speeds - 1;
	case MODEL_BELOW:
		while (i + 1 < model->speeds && v[i + 1] <= bytes_per_s)
			i++;
		return i;
	case MODEL_ABOVE:
		while (i + 1 < model->speeds && v[i] < bytes_per_s)
			i++;
		return i;
	default:
		return best(model, bytes_per_s);
	}
}

void motion_measure(struct motion *m, int64_t at_ns)
{
	m->start_ns = at_ns;
	m->start_bytes = m->arrived_bytes;
	m->start_held_ns = held_ns(m, at_ns);
	m->window_waited_ns = waited_ns(m, at_ns);
	m->window_ns = m->model.window_ns == 0
	    ? MOTION_NEVER
	    : later_add(at_ns, m->model.window_ns);
}

bool motion_forces(struct motion *m)
{
	const struct motion_model *model = &m->model;
	const uint64_t *v = model->speeds_bytes_per_s;
	int64_t now_waited = waited_ns(m, m->free_ns);
	int64_t waited = now_waited - m->window_waited_ns;
	size_t higher = m->speed + STEPS_UP;

	m->window_ns = later_add(m->free_ns, model->window_ns);
	m->window_waited_ns = now_waited;
	if (higher >= model->speeds)
		higher = model->speeds - 1;
	if (waited < model->window_ns / 1000 * model->forced_permille ||
	    higher == m->speed || model->wrap_bytes == 0)
		return false;
	if (later_scale(m->wrap_left, SECOND, v[m->speed]) -
		later_scale(m->wrap_left, SECOND, v[higher]) <=
	    motion_hitch_ns(model, m->speed) / 100 * GAIN_PERCENT)
		return false;
	m->forced_speed = higher;
	return true;
}

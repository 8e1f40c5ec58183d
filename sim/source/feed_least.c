/* feed_least.c: the least time that bytes take. */
#include "sim/source/feed_impl.h"
#include "sim/source/feed_trace.h"
#include "splitter/base/later.h"

/* Returns the largest number of a distribution: six deviations from its middle. */
static uint64_t most(const struct feed_draw *d)
{
	feed_wide exponent = (feed_wide)d->spread * 6, number = d->max;

	if (d->shape == FEED_NORMAL)
		number = (feed_wide)d->middle + exponent;
	if (d->shape == FEED_LOGNORMAL)
		number = feed_power(d->middle,
		    exponent > INT64_MAX ? INT64_MAX : (int64_t)exponent);
	return number < d->max ? (uint64_t)number : d->max;
}

/* Returns the highest rate that a feed can have. */
static uint64_t most_bytes_per_s(const struct feed_config *c)
{
	struct feed_draw rate = c->rate_bytes_per_s;
	uint64_t highest;

	if (c->kind == FEED_UNLIMITED)
		return UINT64_MAX;
	if (c->kind == FEED_NETWORK)
		rate.shape = FEED_NORMAL;
	highest = most(&rate);
	return c->kind == FEED_BURSTS && c->off_bytes_per_s > highest
	    ? c->off_bytes_per_s
	    : highest;
}

static feed_wide trace_ns(const struct feed_config *c, uint64_t bytes)
{
	const struct feed_trace *t = c->trace;
	feed_wide once = (feed_wide)(uint64_t)t->rows[t->count - 1].time_ns *
	    c->stretch / 100000000;

	if (once > (feed_wide)LATER_MOST_NS)
		once = (feed_wide)LATER_MOST_NS;
	return once * (bytes / t->bytes);
}

int64_t feed_least_ns(const struct feed_config *c, uint64_t bytes)
{
	feed_wide ns = c->kind == FEED_TRACE
	    ? trace_ns(c, bytes)
	    : (feed_wide)bytes * FEED_SECOND_NS / most_bytes_per_s(c);

	ns += (uint64_t)c->start_ns;
	return ns > (feed_wide)LATER_MOST_NS ? LATER_MOST_NS : (int64_t)ns;
}

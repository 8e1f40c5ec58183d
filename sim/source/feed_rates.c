/* feed_rates.c: feeds that draw a rate for each stretch of time or bytes. */
#include "sim/base/rng.h"
#include "sim/source/feed_impl.h"

void feed_draw_rates(struct feed *f, struct feed_segment *s)
{
	const struct feed_draw *rate = &f->config.rate_bytes_per_s;

	feed_set_rate(f, s,
	    feed_drawn(rate, rng_at(f->config.seed, RNG_FEED, f->segments)));
	if (rate->min == rate->max) {
		s->bytes = UINT64_MAX;
	} else if (f->config.every_ns > 0) {
		feed_set_time(s, f->config.every_ns);
	} else {
		s->bytes = f->config.every_bytes;
		s->length_ns = feed_segment_ns(s, s->bytes);
	}
}

/*
 * A first-order autoregressive process: what is left of the state before, and
 * a normal number, such that the deviation of the state is always 1.
 */
static void set_factors(struct feed *f)
{
	/* The logarithm of e to base 2. */
	const uint64_t log2_e = UINT64_C(6196328018);
	feed_wide exponent = (feed_wide)(uint64_t)f->config.every_ns * log2_e /
	    (uint64_t)f->config.memory_ns;

	if (exponent > 64 * (feed_wide)FEED_ONE)
		exponent = 64 * (feed_wide)FEED_ONE;
	f->keep = feed_power(FEED_ONE, -(int64_t)exponent);
	f->noise = feed_root((feed_wide)FEED_ONE * FEED_ONE -
	    (feed_wide)f->keep * f->keep);
}

/* Returns a factor times a state, of which a million deviations fit. */
static int64_t times(uint64_t factor, int64_t state)
{
	return (int64_t)((feed_signed)factor * state / (int64_t)FEED_ONE);
}

void feed_draw_network(struct feed *f, struct feed_segment *s)
{
	int64_t drawn =
	    feed_normal(rng_at(f->config.seed, RNG_FEED, f->segments));

	if (f->segments == 0) {
		set_factors(f);
		f->walk = drawn;
	} else {
		f->walk = times(f->keep, f->walk) + times(f->noise, drawn);
	}
	feed_set_rate(f, s, feed_held(&f->config.rate_bytes_per_s, f->walk));
	feed_set_time(s, f->config.every_ns);
}

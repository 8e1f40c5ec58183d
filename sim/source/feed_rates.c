/* feed_rates.c: a feed whose rate is drawn for each stretch. */
#include "sim/base/rng.h"
#include "sim/source/feed_impl.h"
#include "splitter/base/later.h"

static uint64_t drawn(const struct feed_draw *d, uint64_t random)
{
	uint64_t range = d->max - d->min;

	if (range == UINT64_MAX)
		return random;
	return d->min + random % (range + 1);
}

/* Sets the bytes that come within the stretch, and its length. */
static void set_stretch(const struct feed *f, struct feed_segment *s)
{
	feed_wide bytes;

	if (f->config.every_ns > 0) {
		bytes = (feed_wide)(uint64_t)f->config.every_ns * s->per_bytes /
		    s->per_ns;
		s->bytes = bytes < UINT64_MAX ? (uint64_t)bytes : UINT64_MAX;
		s->length_ns = f->config.every_ns;
		if (s->bytes > 0)
			return;
		s->bytes = 1;
	} else {
		s->bytes = f->config.every_bytes;
	}
	s->length_ns = feed_segment_ns(s, s->bytes);
}

void feed_draw_rates(struct feed *f, struct feed_segment *s)
{
	const struct feed_draw *rate = &f->config.rate_bytes_per_s;

	feed_set_rate(f, s,
	    drawn(rate, rng_at(f->config.seed, RNG_FEED, f->segments)));
	if (rate->min == rate->max)
		s->bytes = UINT64_MAX;
	else
		set_stretch(f, s);
}

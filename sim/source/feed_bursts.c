/* feed_bursts.c: feeds with pauses: bursts, and many files. */
#include "sim/base/rng.h"
#include "sim/source/feed_impl.h"
#include "splitter/base/later.h"

/* Returns a time of a distribution, at least `least`. */
static int64_t time_drawn(const struct feed_draw *draw, uint64_t random,
    int64_t least)
{
	uint64_t ns = feed_drawn(draw, random);

	if (ns > LATER_MOST_NS)
		return LATER_MOST_NS;
	return (int64_t)ns < least ? least : (int64_t)ns;
}

void feed_draw_bursts(struct feed *f, struct feed_segment *s)
{
	const struct feed_config *c = &f->config;
	uint64_t random = rng_at(c->seed, RNG_FEED, f->segments);
	bool on = f->segments % 2 == 0;
	int64_t ns =
	    time_drawn(on ? &c->on_ns : &c->off_ns, random_next(random, 1), 1);
	uint64_t rate =
	    on ? feed_drawn(&c->rate_bytes_per_s, random) : c->off_bytes_per_s;

	s->length_ns = ns;
	if (rate == 0)
		return;
	feed_set_rate(f, s, rate);
	feed_set_time(s, ns);
}

void feed_draw_files(struct feed *f, struct feed_segment *s)
{
	const struct feed_config *c = &f->config;
	uint64_t random = rng_at(c->seed, RNG_FEED, f->segments);

	s->pause_ns = time_drawn(&c->file_ns, random_next(random, 1), 0);
	s->bytes = feed_drawn(&c->file_bytes, random_next(random, 2));
	if (s->bytes == 0)
		s->bytes = 1;
	feed_set_rate(f, s, feed_drawn(&c->rate_bytes_per_s, random));
	s->length_ns = later_add(s->pause_ns, feed_segment_ns(s, s->bytes));
}

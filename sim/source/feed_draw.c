/* feed_draw.c: numbers of the distributions of a feed. */
#include "sim/source/feed_impl.h"
#include "splitter/base/random.h"

/* How often a number beyond the bounds is drawn again. */
enum { TRIES = 16 };

int64_t feed_normal(uint64_t random)
{
	int64_t sum = -6 * (int64_t)FEED_ONE + 6;

	for (int i = 0; i < 6; i++) {
		random = random_mix(random + RANDOM_STEP);
		sum += (int64_t)(random >> 32);
		sum += (int64_t)(random & (FEED_ONE - 1));
	}
	return sum;
}

/* Returns middle + deviations * spread, at least -1. */
static feed_signed placed(const struct feed_draw *d, int64_t deviations)
{
	feed_signed at = (feed_signed)d->middle +
	    (feed_signed)d->spread * deviations / (int64_t)FEED_ONE;

	return at < 0 ? -1 : at;
}

uint64_t feed_held(const struct feed_draw *d, int64_t deviations)
{
	feed_signed at = placed(d, deviations);

	if (at < (feed_signed)d->min)
		return d->min;
	return at > (feed_signed)d->max ? d->max : (uint64_t)at;
}

static bool draw_normal(const struct feed_draw *d, uint64_t random,
    uint64_t *number)
{
	feed_signed at = placed(d, feed_normal(random));

	*number = (uint64_t)at;
	return at >= (feed_signed)d->min && at <= (feed_signed)d->max;
}

/* The exponent is less than 2^63: a spread is at most sqrt(128 / ln 2). */
static bool draw_lognormal(const struct feed_draw *d, uint64_t random,
    uint64_t *number)
{
	feed_signed exponent =
	    (feed_signed)d->spread * feed_normal(random) / (int64_t)FEED_ONE;

	*number = feed_power(d->middle, (int64_t)exponent);
	return *number >= d->min && *number <= d->max;
}

static uint64_t draw_uniform(const struct feed_draw *d, uint64_t random)
{
	uint64_t range = d->max - d->min;

	return range == UINT64_MAX ? random : d->min + random % (range + 1);
}

/*
 * Draws from the part of the bounds that is within a standard deviation, where
 * the density changes little; from the bounds if they have no such part.
 */
static uint64_t draw_near(const struct feed_draw *d, uint64_t random)
{
	bool normal = d->shape == FEED_NORMAL;
	feed_signed low = normal
	    ? placed(d, -(int64_t)FEED_ONE)
	    : (feed_signed)feed_power(d->middle, -(int64_t)d->spread);
	feed_signed high = normal
	    ? placed(d, (int64_t)FEED_ONE)
	    : (feed_signed)feed_power(d->middle, (int64_t)d->spread);
	struct feed_draw near = *d;

	if (low > (feed_signed)d->min)
		near.min = (uint64_t)low;
	if (high < (feed_signed)d->max)
		near.max = (uint64_t)high;
	return draw_uniform(near.min <= near.max ? &near : d, random);
}

uint64_t feed_drawn(const struct feed_draw *d, uint64_t random)
{
	uint64_t number;
	bool within = false;

	if (d->shape == FEED_UNIFORM)
		return draw_uniform(d, random);
	for (int i = 0; i < TRIES && !within; i++) {
		if (i > 0)
			random = random_next(random, 0);
		within = d->shape == FEED_NORMAL
		    ? draw_normal(d, random, &number)
		    : draw_lognormal(d, random, &number);
	}
	return within ? number : draw_near(d, random);
}

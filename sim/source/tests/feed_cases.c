/* feed_cases.c: see feed_cases.h. */
#include "sim/source/tests/feed_cases.h"

#include "sim/base/rng.h"

/* Bytes at once, even bytes, a pause, a burst within a nanosecond. */
static struct feed_trace_row rows[] = { { 0, 4096 }, { 1000000, 1000000 },
	{ 501000000, 0 }, { 501000001, 7654321 }, { 501000001, 3 },
	{ 600000000, 1 } };
static const struct feed_trace trace = { rows, sizeof rows / sizeof *rows,
	4096 + 1000000 + 7654321 + 3 + 1 };

uint64_t feed_cases_random(uint64_t number, uint64_t index)
{
	return rng_at(number, RNG_CASES, index);
}

/* Draws a number of 1 to `bits` bits, above 0: small ones as often. */
static uint64_t any(uint64_t *state, unsigned bits)
{
	uint64_t random = feed_cases_random(*state, 1);

	*state = feed_cases_random(*state, 0);
	return 1 + random % (UINT64_C(1) << (*state % bits));
}

static struct feed_draw draw(uint64_t *state, unsigned bits)
{
	struct feed_draw d = { .min = any(state, bits) };

	d.max = d.min + any(state, bits) - 1;
	d.shape = (enum feed_shape)(any(state, 3) % 3);
	d.middle = d.min + any(state, bits) % (d.max - d.min + 1);
	d.spread = d.shape == FEED_LOGNORMAL
	    ? feed_spread(d.middle, d.middle + any(state, 8))
	    : any(state, bits);
	return d;
}

void feed_cases_draw(struct feed_config *c, uint64_t number)
{
	uint64_t state = feed_cases_random(number, 0);

	*c = (struct feed_config){ .seed = number, .trace = &trace };
	c->kind = (enum feed_kind)(number % (FEED_TRACE + 1));
	c->open = any(&state, 2) == 1;
	if (any(&state, 2) == 1)
		c->start_ns = (int64_t)any(&state, 40);
	c->rate_bytes_per_s = draw(&state, 34);
	if (any(&state, 2) == 1 || c->kind == FEED_NETWORK)
		c->every_ns = 1000 + (int64_t)any(&state, 35);
	else
		c->every_bytes = 100 + any(&state, 25);
	c->memory_ns = (int64_t)any(&state, 40);
	c->on_ns = draw(&state, 35);
	c->off_ns = draw(&state, 35);
	c->off_bytes_per_s = any(&state, 30) / 2;
	c->file_ns = draw(&state, 30);
	c->file_bytes = draw(&state, 30);
	c->stretch = 100000000 * any(&state, 4) / any(&state, 4);
}

/* feed_cases.c: see feed_cases.h. */
#include "sim/source/tests/feed_cases.h"

#include "sim/base/rng.h"

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

void feed_cases_draw(struct feed_config *c, uint64_t number)
{
	uint64_t state = feed_cases_random(number, 0);

	*c = (struct feed_config){ .seed = number, .kind = FEED_RATES };
	c->open = any(&state, 2) == 1;
	if (any(&state, 2) == 1)
		c->start_ns = (int64_t)any(&state, 40);
	c->rate_bytes_per_s.min = any(&state, 34);
	c->rate_bytes_per_s.max = c->rate_bytes_per_s.min + any(&state, 34) - 1;
	if (any(&state, 2) == 1)
		c->every_ns = 1000 + (int64_t)any(&state, 35);
	else
		c->every_bytes = 100 + any(&state, 25);
}

/* soak_dice.h: the random numbers of a case. */
#ifndef SIM_TESTS_SOAK_DICE_H
#define SIM_TESTS_SOAK_DICE_H

#include <stdbool.h>

#include "sim/base/rng.h"

struct soak_dice {
	uint64_t seed, index;
	enum rng_purpose purpose;
};

/* Returns a number from 0 to n - 1. */
static inline uint64_t draw(struct soak_dice *d, uint64_t n)
{
	return rng_at(d->seed, d->purpose, d->index++) % n;
}

/* Returns true with probability 1 / n. */
static inline bool now_and_then(struct soak_dice *d, uint64_t n)
{
	return draw(d, n) == 0;
}

#endif

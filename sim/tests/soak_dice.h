/* soak_dice.h: numbers of a drawn case, one after the other. */
#ifndef SIM_TESTS_SOAK_DICE_H
#define SIM_TESTS_SOAK_DICE_H

#include <stdbool.h>

#include "sim/base/rng.h"

struct soak_dice {
	uint64_t seed, index;
	enum rng_purpose purpose;
};

/* Any of 0 .. n - 1. */
static inline uint64_t draw(struct soak_dice *d, uint64_t n)
{
	return rng_at(d->seed, d->purpose, d->index++) % n;
}

/* Once in n times. */
static inline bool now_and_then(struct soak_dice *d, uint64_t n)
{
	return draw(d, n) == 0;
}

#endif

/*
 * rng.h: random numbers from one seed, split by purpose.
 *
 * A number depends only on the seed, the purpose and its index.  So another
 * fault or another feed does not change the content of the dump.
 */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stdint.h>

#include "splitter/base/random.h"

enum rng_purpose {
	RNG_CONTENT = 1,
	RNG_FEED,
	RNG_DUMP_ID,
	RNG_CASES,
	RNG_SLICES,
	RNG_DRIVES,
	RNG_HARD_CASES
};

/* Returns number `index` of this purpose: one of 2^64, evenly distributed. */
static inline uint64_t rng_at(uint64_t seed, enum rng_purpose purpose,
    uint64_t index)
{
	return random_mix(seed +
	    UINT64_C(0x632be59bd9b4e019) * (uint64_t)purpose +
	    RANDOM_STEP * (index + 1));
}

#endif

/*
 * rng.h: numbers from one seed, split by purpose.
 *
 * A number depends on the seed, the purpose and its index alone, so another
 * fault or another feed does not change what the dump contains.  The mixing is
 * that of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
 * generators, 2014).
 */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stdint.h>

enum rng_purpose {
	RNG_CONTENT = 1,
	RNG_FEED,
	RNG_DUMP_ID,
	RNG_CASES,
	RNG_SLICES,
	RNG_DRIVES,
	RNG_HARD_CASES
};

/* The number `index` of the purpose: any of 2^64, evenly. */
static inline uint64_t rng_at(uint64_t seed, enum rng_purpose purpose,
    uint64_t index)
{
	uint64_t z = seed + 0x632be59bd9b4e019u * (uint64_t)purpose +
	    0x9e3779b97f4a7c15u * (index + 1);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

#endif

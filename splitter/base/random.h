/*
 * random.h: random numbers that depend on a seed alone.
 *
 * The mixing function is that of SplitMix64 (Steele, Lea, Flood: Fast
 * splittable pseudorandom number generators, 2014).
 */
#ifndef SPLITTER_RANDOM_H
#define SPLITTER_RANDOM_H

#include <stdint.h>

/* The golden ratio in 64 bits: successive states of a generator differ by it. */
#define RANDOM_STEP UINT64_C(0x9e3779b97f4a7c15)

/*
 * Returns the random number of a state: evenly distributed over all 2^64
 * numbers.
 */
static inline uint64_t random_mix(uint64_t state)
{
	state = (state ^ (state >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	state = (state ^ (state >> 27)) * UINT64_C(0x94d049bb133111eb);
	return state ^ (state >> 31);
}

/*
 * Returns the random number that follows from `drawn` and a counter: evenly
 * distributed over all 2^64 numbers.  To draw by several counters, pass the
 * result of each call to the next call.
 */
static inline uint64_t random_next(uint64_t drawn, uint64_t number)
{
	return random_mix(drawn + number + RANDOM_STEP);
}

#endif

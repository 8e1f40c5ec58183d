/*
 * draw.h: random numbers from a seed.
 *
 * The mixing function is that of SplitMix64 (Steele, Lea, Flood: Fast
 * splittable pseudorandom number generators, 2014).
 */
#ifndef VTL_DRAW_H
#define VTL_DRAW_H

#include <stdint.h>

/*
 * Returns any of 2^64 numbers with equal probability, from the last number and
 * a counter.
 */
static inline uint64_t random_mix(uint64_t drawn, uint64_t number)
{
	uint64_t z = drawn + number + 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

#endif

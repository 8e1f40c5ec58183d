/*
 * later.h: sums and products of simulated times that cannot overflow.
 *
 * The durations that a model adds come from scenarios and volumes, so any sum
 * may be asked for.  A result above LATER_MOST_NS (146 years) is LATER_MOST_NS;
 * the owner of the clock ends the run long before that.
 *
 * Times are nanoseconds, and at least 0.
 */
#ifndef SPLITTER_LATER_H
#define SPLITTER_LATER_H

#include <stdint.h>

#define LATER_MOST_NS (INT64_MAX / 2)

static inline int64_t later_add(int64_t at_ns, int64_t take_ns)
{
	return at_ns > LATER_MOST_NS - take_ns ? LATER_MOST_NS
					       : at_ns + take_ns;
}

/* This is called for every run: it must not divide. */
static inline int64_t later_times(int64_t take_ns, uint64_t factor)
{
	int64_t product;

	return __builtin_mul_overflow(take_ns, factor, &product) ||
		product > LATER_MOST_NS
	    ? LATER_MOST_NS
	    : product;
}

/*
 * Multiplies two factors for later_times(); the largest product is UINT64_MAX.
 */
static inline uint64_t later_factor(uint64_t factor, uint64_t again)
{
	return again > 0 && factor > UINT64_MAX / again ? UINT64_MAX
							: factor * again;
}

/*
 * Returns a * b / c, rounded up: with b = 10^9, the time of `a` bytes at `c`
 * bytes per second.  c > 0.
 */
static inline int64_t later_scale(uint64_t a, uint64_t b, uint64_t c)
{
	unsigned __int128 product = (unsigned __int128)a * b + (c - 1);

	/* A product of 64 bits is usual, and divided much faster. */
	if (product <= UINT64_MAX)
		product = (uint64_t)product / c;
	else
		product /= c;
	return product < (unsigned __int128)LATER_MOST_NS ? (int64_t)product
							  : LATER_MOST_NS;
}

#endif

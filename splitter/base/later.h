/*
 * later.h: sums and products of simulated times, which do not overflow.
 *
 * A model adds what an operation takes to the time at which it begins, and
 * what it takes comes from a scenario or a volume: no sum is too large to be
 * asked for.  What is more than LATER_MOST_NS, a century and a half, is
 * LATER_MOST_NS.  Whoever owns the clock ends the run long before that.
 *
 * Times are nanoseconds from 0 on.
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

static inline int64_t later_times(int64_t take_ns, uint64_t factor)
{
	return take_ns > 0 && factor > (uint64_t)(LATER_MOST_NS / take_ns)
	    ? LATER_MOST_NS
	    : take_ns * (int64_t)factor;
}

/* So many times as long, so many times again. */
static inline uint64_t later_factor(uint64_t factor, uint64_t again)
{
	return again > 0 && factor > UINT64_MAX / again ? UINT64_MAX
							: factor * again;
}

#endif

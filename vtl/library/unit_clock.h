/*
 * unit_clock.h: the model clocks of the units of a library that is served, its
 * changer and its drives.  Any thread may call these functions.
 *
 * Invariants:
 *
 *  1. Paced, each unit has a pace (pace.h) of its own.  All begin at the same
 *     time.
 *  2. Not paced, all units share one model clock.  The end of each operation
 *     advances it to this end, without sleep.
 *  3. The model clock of a unit never goes back: an operation begins when the
 *     last one has ended, or later.
 */
#ifndef VTL_UNIT_CLOCK_H
#define VTL_UNIT_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/library/pace.h"

struct unit_clocks;

/* An operation of a unit. */
struct unit_time {
	int64_t now_ns; /* model time at which it begins */
	struct pace_call call;
};

/*
 * Makes the clocks of `count` units, at 0.  `clock` must outlive them; NULL:
 * not paced.  Returns NULL without memory.
 */
struct unit_clocks *unit_clocks_create(size_t count,
    const struct pace_clock *clock, uint32_t speed_permille);

/* NULL is allowed. */
void unit_clocks_free(struct unit_clocks *clocks);

bool unit_clocks_paced(const struct unit_clocks *clocks);

/* The present time of the clock of unit_clocks_create(); not paced: 0. */
int64_t unit_clocks_real_ns(const struct unit_clocks *clocks);

/* Begins an operation.  One that does not take time need not be ended. */
struct unit_time unit_clock_begin(struct unit_clocks *clocks, size_t unit);

/*
 * Ends an operation at the model time `done_ns`.  Returns the real time until
 * which the caller waits before it reports the end; not paced: 0.
 */
int64_t unit_clock_end(struct unit_clocks *clocks, size_t unit,
    const struct unit_time *begun, int64_t done_ns);

/*
 * The caller has waited until the time that unit_clock_end() returned.  If it
 * waited longer, that is no time of the model: the next wait is shorter.
 */
void unit_clock_wake(struct unit_clocks *clocks, size_t unit);

/*
 * The operation in progress was aborted: what is left of its time passes at
 * once, so that the next one need not wait for it.
 */
void unit_clock_skip(struct unit_clocks *clocks, size_t unit);

/*
 * Returns the model time of the unit `to` at which that of the unit `from` is `ns`.
 * They differ by what unit_clock_skip() has skipped.
 */
int64_t unit_clock_convert(struct unit_clocks *clocks, size_t from, size_t to,
    int64_t ns);

#endif

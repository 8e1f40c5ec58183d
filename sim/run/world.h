/*
 * world.h: several dumps in virtual time, on one clock.
 *
 * The world steps the stream whose next event is the earliest, and sets the
 * clock to the time of that event; no thread sleeps.  A single dump is a world
 * of one stream.
 *
 * Invariants:
 *  1. These files read no clock, random source, environment or address.
 *  2. Time never goes back.
 *  3. Of events at one time, that of the stream with the lowest index comes
 *     first.
 *  4. No run takes more than WORLD_MAX_YEARS.  A model or a feed returns at
 *     most LATER_MOST_NS, which is more.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "sim/run/stream.h"

enum { WORLD_MAX_YEARS = 100 };
#define WORLD_MAX_NS (WORLD_MAX_YEARS * INT64_C(31556952000000000))

/*
 * Runs the streams, none of which has begun, from time 0 until all have ended.
 * Returns 0, or -1 with a message if memory is short or an event comes after
 * more than WORLD_MAX_YEARS; then some streams have not ended.
 */
int world_run(struct stream *const *streams, size_t count, char *err,
    size_t err_bytes);

#endif

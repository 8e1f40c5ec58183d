/*
 * bus.h: a bus that the drives share, in virtual time: a filter before a
 * library (splitter/filter/filter.h).
 *
 * Writes pass the bus in the order in which they are requested.  A write
 * begins when the bus is free, and ends when the drive and the bus are
 * done.  Reads do not pass the bus.
 */
#ifndef SIM_BUS_H
#define SIM_BUS_H

#include "sim/source/shared_rate.h"
#include "splitter/tape/tape.h"

/*
 * Makes the filter before `next`, which still belongs to the caller, as the
 * rate does.  Returns NULL without memory.
 */
struct tape_library *bus_library_new(struct tape_library *next,
    struct shared_rate *rate);

/* Frees the filter, when all tapes are unloaded.  NULL is allowed. */
void bus_library_free(struct tape_library *library);

#endif

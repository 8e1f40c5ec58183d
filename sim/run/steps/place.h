/*
 * place.h: a filter before a library (splitter/filter/filter.h) that knows the
 * time, and interrupts the program at a place.
 *
 * Invariants:
 *  1. After SIGKILL or a power failure no operation reaches a tape: each fails
 *     at once, and no volume is loaded.  The tapes below stay loaded, for
 *     library_abandon(); on a device they are unloaded without a filemark, which
 *     is what the system does with the device of a killed program.
 *  2. After a volume was pulled out, each operation on it fails with NOT READY
 *     3A/00 until it is unloaded.
 *
 * One thread at a time.
 */
#ifndef SIM_STEPS_PLACE_H
#define SIM_STEPS_PLACE_H

#include "sim/scenario/step.h"
#include "splitter/tape/tape.h"

/*
 * Makes the filter before `next`, whose tapes are those of a struct library, or
 * of a `device`, and which still belongs to the caller.  `interrupt` is copied;
 * only SIGKILL is possible on a device.  Returns NULL without memory.
 */
struct tape_library *place_library_new(struct tape_library *next,
    const struct scenario_interrupt *interrupt, bool device);

/* Frees the filter, when all its tapes are unloaded.  NULL is allowed. */
void place_library_free(struct tape_library *library);

/* Returns whether the place was reached. */
bool place_reached(const struct tape_library *library);

/* Returns when the last operation was complete. */
int64_t place_last_ns(const struct tape_library *library);

#endif

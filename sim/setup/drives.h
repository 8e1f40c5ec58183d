/*
 * drives.h: sets the behaviour and the faults of the drives of a scenario.
 */
#ifndef SIM_DRIVES_H
#define SIM_DRIVES_H

#include "sim/scenario/scenario.h"
#include "vtl/library/library.h"

/*
 * Both functions need a library in which no volume is loaded.
 *
 * drives_configure() sets the behaviour of the scenario's drives and adds their
 * faults.  Returns 0, or -1 if memory is short.
 *
 * The second function sets only the behaviour that is needed to read volumes
 * which these drives wrote, such as their layout.  Its drives have no faults.
 */
int drives_configure(const struct scenario *scenario, uint64_t seed,
    struct library *library);
void drives_configure_readers(const struct scenario *scenario, uint64_t seed,
    struct library *library);

#endif

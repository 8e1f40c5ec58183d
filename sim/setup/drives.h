/*
 * drives.h: what the drives of a scenario differ in from their
 * models, and how they fail.
 */
#ifndef SIM_DRIVES_H
#define SIM_DRIVES_H

#include "sim/scenario/scenario.h"
#include "vtl/library/library.h"

/*
 * Both for the drives of a library that has loaded nothing: makes them those of
 * the scenario, with their faults; 0, or -1 without memory.  Or drives in which
 * what those wrote lies where it did, and that are good.
 */
int drives_configure(const struct scenario *scenario, uint64_t seed,
    struct library *library);
void drives_configure_readers(const struct scenario *scenario, uint64_t seed,
    struct library *library);

#endif

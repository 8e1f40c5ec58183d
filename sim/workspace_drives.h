/*
 * workspace_drives.h: what the drives of a scenario differ in from their
 * models, and how they fail.
 */
#ifndef SIM_WORKSPACE_DRIVES_H
#define SIM_WORKSPACE_DRIVES_H

#include "sim/scenario.h"
#include "vtl/library.h"

/* For the drives of a library that has loaded nothing.  0, or -1 without
 * memory. */
int workspace_add_drives(const struct scenario *scenario, uint64_t seed,
    struct library *library);

#endif

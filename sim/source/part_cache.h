/*
 * part_cache.h: the back end of a scenario's part cache, and its faults.
 */
#ifndef SIM_PART_CACHE_H
#define SIM_PART_CACHE_H

#include "sim/scenario/scenario.h"
#include "splitter/buffer/cache.h"

/*
 * Makes the spool or the list of slices of a scenario; without `payload` one
 * that keeps nothing (cache_fault.h).  Sets `*cache`, NULL for the caches none
 * and memory; the caller frees it with ops->free.  Returns 0, or -1 with a
 * message if it cannot be had, also where a spool's folder is not there and
 * nothing would be written to it.
 */
int part_cache_new(const struct scenario *scenario, bool payload,
    struct cache **cache, char *err, size_t err_bytes);

#endif

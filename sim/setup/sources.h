/*
 * sources.h: makes the source, part cache and holding disk of a scenario.
 *
 * sim/source has configurations of its own, without scenarios.  These functions
 * fill them in.  `dump` is the place of a dump in the scenario, from 0.
 */
#ifndef SIM_SOURCES_H
#define SIM_SOURCES_H

#include "sim/scenario/scenario.h"
#include "sim/source/content.h"
#include "sim/source/holding_disk.h"
#include "splitter/buffer/cache.h"

/*
 * Returns the seed of a run of the dump, from 0.  It depends on the name of the
 * dump and not on its place, so that another dump does not change this one.
 */
uint64_t sources_seed(const struct scenario *scenario, size_t dump,
    uint64_t seed, uint64_t run);

/*
 * Opens the source of the dump, with this seed.  Returns NULL with a message if
 * it cannot be opened.
 */
struct content *sources_content(const struct scenario *scenario, size_t dump,
    uint64_t seed, char *err, size_t err_bytes);

/*
 * Makes the part cache, with its faults; without `payload` it stores no bytes.
 * Sets `*cache`, which the caller frees with ops->free; NULL for the caches
 * none and memory.  Returns 0, or -1 with a message.
 */
int sources_cache(const struct scenario *scenario, size_t dump, bool payload,
    struct cache **cache, char *err, size_t err_bytes);

/*
 * Makes the holding disk of a scenario with the cache slices.  The caller sets
 * seed, content, folder, cache and keep of `config`.  Sets `*damages`; in any
 * case the caller frees it, after the holding disk.  Returns NULL with a
 * message if the holding disk cannot be made.
 */
struct holding_disk *sources_holding_disk(const struct scenario *scenario,
    size_t dump, struct holding_disk_config *config,
    struct holding_disk_damage **damages, char *err, size_t err_bytes);

#endif

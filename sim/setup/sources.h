/*
 * sources.h: the dump's source and its part cache, made as a scenario says.
 *
 * What sim/source makes has configurations of its own, which know no scenario:
 * these functions fill them in.
 */
#ifndef SIM_SOURCES_H
#define SIM_SOURCES_H

#include "sim/scenario/scenario.h"
#include "sim/source/content.h"
#include "sim/source/holding_disk.h"
#include "splitter/buffer/cache.h"

/*
 * Opens the dump's source, with this seed.  NULL with a message if it cannot be
 * opened.
 */
struct content *sources_content(const struct scenario *scenario, uint64_t seed,
    char *err, size_t err_bytes);

/*
 * Makes the part cache, with its faults; without `payload` one that keeps
 * nothing.  Sets `*cache`, NULL for the caches none and memory; the caller
 * frees it with ops->free.  Returns 0, or -1 with a message.
 */
int sources_cache(const struct scenario *scenario, bool payload,
    struct cache **cache, char *err, size_t err_bytes);

/*
 * Makes the holding disk of a scenario with the cache slices.  `config` has what
 * is not the scenario's: seed, content, folder, cache, keep.  `*damages` is
 * set; the caller frees it after the holding disk, in any case.  NULL with a
 * message if the holding disk cannot be made.
 */
struct holding_disk *sources_holding_disk(const struct scenario *scenario,
    struct holding_disk_config *config, struct holding_disk_damage **damages,
    char *err, size_t err_bytes);

#endif

/*
 * part_cache.h: the back end of a part cache that can fail on cue.
 */
#ifndef SIM_PART_CACHE_H
#define SIM_PART_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "splitter/buffer/cache.h"

struct part_cache_config {
	bool spool;   /* true: a spool; false: a list of slices */
	bool payload; /* false: nothing is kept, bytes are only counted */

	/* For a spool only. */
	const char *folder;   /* NULL: the folder of temporary files */
	uint64_t limit_bytes; /* maximum of uncommitted bytes; 0: no limit */
	uint64_t block_bytes, part_bytes, buffer_bytes;
};

/*
 * Makes the cache and sets `*cache`; the caller frees it with ops->free.  The
 * cache is a cache_fault (cache_fault.h), to which faults can be added.  Returns
 * 0, or -1 with a message if memory is short
 * or the folder of the spool cannot be used.  The folder is checked without
 * payload, too.
 */
int part_cache_new(const struct part_cache_config *config, struct cache **cache,
    char *err, size_t err_bytes);

#endif

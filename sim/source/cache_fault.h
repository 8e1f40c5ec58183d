/*
 * cache_fault.h: a filter on a part cache that makes it fail on cue.
 *
 * It passes on to the cache behind it all but what a fault names.  It also
 * stands alone, for dumps without payload: then what is appended is only
 * counted against the limit, and a read succeeds without giving anything.
 *
 * Threads as cache.h says; the faults are told before the first append, or
 * by the thread that reads.
 */
#ifndef SIM_CACHE_FAULT_H
#define SIM_CACHE_FAULT_H

#include <stdbool.h>

#include "splitter/buffer/cache.h"

struct cache_fault_config {
	struct cache *inner;  /* freed with it; NULL: stands alone */
	bool appends;         /* alone: as a spool; else as slices */
	uint64_t limit_bytes; /* of what is not forgotten; 0: none */
};

/* NULL, and `inner` as it was, if there is no memory. */
struct cache *cache_fault_new(const struct cache_fault_config *config);

/*
 * An append that reaches the byte at this offset of the dump fails, as if
 * there were no more room; `once`, or it and all later ones.  0, or -1 if
 * there is no memory.
 */
int cache_fault_append(struct cache *cache, uint64_t at_bytes, bool once);

/*
 * A read of any byte from `begin` to `end`, offsets of the dump, fails with
 * this message, which is copied.  0, or -1 if there is no memory.
 */
int cache_fault_read(struct cache *cache, uint64_t begin, uint64_t end,
    const char *message);

#endif

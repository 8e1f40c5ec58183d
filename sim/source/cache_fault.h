/*
 * cache_fault.h: a filter on a part cache that makes it fail on cue.
 *
 * It forwards every call to the inner cache, except those that a fault names.
 * Without an inner cache, for dumps without payload, it counts appended bytes
 * against the limit, and a read succeeds without filling the buffer.
 *
 * Threads: as cache.h says.  Faults of appends are added before the first
 * append; those of reads at any time, by any thread.
 */
#ifndef SIM_CACHE_FAULT_H
#define SIM_CACHE_FAULT_H

#include <stdbool.h>

#include "splitter/buffer/cache.h"

struct cache_fault_config {
	struct cache *inner;  /* freed with the filter; NULL: no inner cache */
	bool appends;         /* without inner: true: a spool, false: slices */
	uint64_t limit_bytes; /* maximum of bytes not forgotten; 0: no limit */
};

/*
 * Makes the filter.  Returns NULL without memory; the caller still owns `inner`
 * then.
 */
struct cache *cache_fault_new(const struct cache_fault_config *config);

/*
 * Calls `observer` at each strike of a fault that has the number `tag`, with
 * the offset in the dump.  Call it before anything is appended or read.
 */
void cache_fault_observe(struct cache *cache,
    void (*observer)(void *arg, size_t tag, uint64_t offset), void *arg);

/*
 * Makes appends that reach the byte at this offset of the dump fail as if the
 * disk were full; with `once` only the first such append.  `tag` is for the
 * observer.  Returns 0, or -1 without memory.
 */
int cache_fault_append(struct cache *cache, uint64_t at_bytes, bool once,
    size_t tag);

/*
 * Makes reads of a byte in [begin, end), offsets of the dump, fail with a copy
 * of this message.  NULL: the inner cache is damaged there, and the read is only
 * reported.  Returns 0, or -1 without memory.
 */
int cache_fault_read(struct cache *cache, uint64_t begin, uint64_t end,
    const char *message, size_t tag);

#endif

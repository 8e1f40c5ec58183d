/*
 * ring.h: the buffer between producer and tape thread.
 *
 * A place for every byte of the dump from some offset on, reused as they are
 * released.  It keeps no positions: those are the core's.  The memory is
 * mapped twice in a row, so that a run of blocks is contiguous wherever it
 * begins.  ThreadSanitizer does not see that two mappings are the same bytes:
 * with RING_MAP_ONCE there is one, and runs are shorter at its end.
 *
 * Invariants:
 *  1. The bytes of offsets [a, a + bytes) have places that do not overlap.
 *  2. It takes what was asked for, and less than a page more.
 */
#ifndef SPLITTER_RING_H
#define SPLITTER_RING_H

#include <stddef.h>
#include <stdint.h>

struct ring;

/*
 * A ring that holds `bytes`, a multiple of the block.  NULL with a message in
 * `err` if the memory cannot be had.
 */
struct ring *ring_new(uint64_t bytes, char *err, size_t err_bytes);

/*
 * The place of the byte at `offset`, and in `*contiguous_bytes` how many
 * follow it in a row.  Two threads may use different bytes at once.
 */
void *ring_at(const struct ring *ring, uint64_t offset,
    uint64_t *contiguous_bytes);

/*
 * The bytes of offsets [from, to), both multiples of the block, are all that
 * is in use: they keep their places, and those behind them get the first
 * places again, so that what comes and goes stays in the processor's cache.
 * Does nothing where little is gained.  No other thread may be in ring_at.
 */
void ring_restart(struct ring *ring, uint64_t from, uint64_t to,
    uint64_t block_bytes);

void ring_free(struct ring *ring);

#endif

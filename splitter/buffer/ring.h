/*
 * ring.h: the buffer between producer and tape thread.
 *
 * It has a place for every byte of the dump from some offset on, and reuses the
 * places of released bytes.  It keeps no positions: the core has them.
 *
 * Invariants:
 *  1. The bytes of offsets [a, a + bytes) have places that do not overlap.
 *  2. Each block is contiguous.  A run of blocks may continue at the beginning
 *     of the memory.
 *  3. It takes the requested memory, and at most one page more.
 */
#ifndef SPLITTER_RING_H
#define SPLITTER_RING_H

#include <stddef.h>
#include <stdint.h>

struct ring;

/*
 * Creates a ring of `bytes` bytes, a multiple of the block size.  Returns NULL,
 * with a message in `err`, if the memory cannot be allocated.
 */
struct ring *ring_new(uint64_t bytes, char *err, size_t err_bytes);

/*
 * Returns the place of the byte at `offset`.  Sets `*contiguous_bytes` to the
 * number of contiguous bytes from there on.  Two threads may use different
 * bytes at the same time.
 */
void *ring_at(const struct ring *ring, uint64_t offset,
    uint64_t *contiguous_bytes);

/*
 * Makes the bytes after offset `to` use the first places of the memory again,
 * so that a tape that keeps up works in the processor's cache.  The bytes of
 * offsets [from, to), both multiples of the block size, are in use and keep
 * their places; no other byte is in use.  Does nothing if the gain is small.
 * No other thread may be in ring_at.
 */
void ring_restart(struct ring *ring, uint64_t from, uint64_t to,
    uint64_t block_bytes);

void ring_free(struct ring *ring);

#endif

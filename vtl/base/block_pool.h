/*
 * block_pool.h: memory for the data of commands that several rooms use in
 * turn, without a copy: a connection receives into it, a drive holds it in its
 * buffer, and the volume writes it.
 *
 * A large block that malloc() returns is new to the process: each of its pages
 * costs a fault.  Commands of a tape have the same length one after another, so
 * the pool keeps a few blocks for the next one of this length.
 *
 * Ownership: a block has holders, at first the caller of block_pool_get().  A
 * holder may read it; only the first one writes, and only while it is the only
 * one.  With the last holder the block returns to its pool.  A pool that was
 * freed exists until its last block returns.
 *
 * Bound: unused blocks take at most BLOCK_POOL_KEPT_BYTES of a pool.  Those in
 * use are counted by their holders.
 *
 * Any thread may call these functions.
 */
#ifndef VTL_BASE_BLOCK_POOL_H
#define VTL_BASE_BLOCK_POOL_H

#include <stddef.h>

enum { BLOCK_POOL_KEPT_BYTES = 4 * 1024 * 1024 };

struct block_pool;

/* Returns NULL without memory. */
struct block_pool *block_pool_new(void);

/* Frees the pool; its blocks stay with their holders.  NULL is allowed. */
void block_pool_free(struct block_pool *pool);

/* Returns a block with one holder, and any content; NULL without memory. */
void *block_pool_get(struct block_pool *pool, size_t bytes);

/* Returns how many bytes the unused blocks have. */
size_t block_pool_unused(struct block_pool *pool);

/* Frees the unused blocks. */
void block_pool_trim(struct block_pool *pool);

/* Adds a holder to a block, which is given by its first byte. */
void block_hold(void *block);

/* Removes a holder.  NULL is allowed. */
void block_drop(void *block);

#endif

/*
 * pattern.h: incompressible data for measurements, which costs nearly nothing.
 *
 * A pool of random bytes is written again and again.  The first 16 bytes of
 * each block are its own: its offset and the seed, so that a block at a wrong
 * place, or one of an earlier run, is noticed.
 *
 * One thread at a time.
 */
#ifndef SIM_STEPS_PATTERN_H
#define SIM_STEPS_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PATTERN_POOL_BYTES = 8 << 20, PATTERN_STAMP_BYTES = 16 };

struct pattern;

/*
 * For blocks of at most `block_max_bytes`.  `zeros`: the pool is zeros, which a
 * drive compresses to nearly nothing.  NULL without memory.
 */
struct pattern *pattern_new(uint64_t seed, uint64_t block_max_bytes,
    bool zeros);
void pattern_free(struct pattern *pattern);

/*
 * Returns the blocks from `offset` on, of at most `*bytes`, and stores how many
 * bytes there are: whole blocks, unless `*bytes` is less than one.  They are
 * valid until the next call.  Their content depends on seed and offset alone.
 */
const void *pattern_blocks(struct pattern *pattern, uint64_t offset,
    uint64_t block_bytes, uint64_t *bytes);

/* Returns whether a block is that of this offset. */
bool pattern_same(const struct pattern *pattern, uint64_t offset,
    const void *block, uint64_t bytes);

#endif

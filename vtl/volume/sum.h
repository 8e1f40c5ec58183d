/*
 * sum.h: computes the checksum of a block with xxHash, which uses the vector
 * instructions of the processor.
 */
#ifndef VTL_VOLUME_SUM_H
#define VTL_VOLUME_SUM_H

#include <stdint.h>

enum { VOLUME_SUM_BYTES = 8 };

/*
 * Computes the XXH3-64 of a block, most significant byte first, as xxhsum
 * prints it.
 */
void volume_sum(const void *block, uint64_t bytes,
    uint8_t sum[VOLUME_SUM_BYTES]);

/* The same, of a block that is `bytes` and then `zeros` bytes that are 0. */
void volume_sum_with_zeros(const void *block, uint64_t bytes, uint64_t zeros,
    uint8_t sum[VOLUME_SUM_BYTES]);

#endif

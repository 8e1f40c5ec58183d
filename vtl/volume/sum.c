/* sum.c: see sum.h. */
#include "vtl/volume/sum.h"

#include <stddef.h>
#include <string.h>

/* A state on the stack needs its size. */
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>
/* Selects the best code for this processor, where it is installed. */
#if defined(__x86_64__) && defined(__has_include)
#if __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#endif
#endif

static void put(XXH64_hash_t hash, uint8_t sum[VOLUME_SUM_BYTES])
{
	XXH64_canonical_t canonical;

	XXH64_canonicalFromHash(&canonical, hash);
	memcpy(sum, canonical.digest, VOLUME_SUM_BYTES);
}

void volume_sum(const void *block, uint64_t bytes,
    uint8_t sum[VOLUME_SUM_BYTES])
{
	put(XXH3_64bits(block, bytes), sum);
}

void volume_sum_with_zeros(const void *block, uint64_t bytes, uint64_t zeros,
    uint8_t sum[VOLUME_SUM_BYTES])
{
	/* Small enough for the processor's first cache. */
	static const uint8_t none[16384];
	XXH3_state_t state;

	if (zeros == 0) {
		volume_sum(block, bytes, sum);
		return;
	}
	XXH3_INITSTATE(&state);
	XXH3_64bits_reset(&state);
	XXH3_64bits_update(&state, block, bytes);
	for (uint64_t n; zeros > 0; zeros -= n) {
		n = zeros < sizeof none ? zeros : sizeof none;
		XXH3_64bits_update(&state, none, n);
	}
	put(XXH3_64bits_digest(&state), sum);
}

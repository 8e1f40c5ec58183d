/* sum.c: see sum.h. */
#include "vtl/volume/sum.h"

#include <stddef.h>
#include <string.h>

#include <xxhash.h>
/* Selects the best code for this processor, where it is installed. */
#if defined(__x86_64__) && defined(__has_include)
#if __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#endif
#endif

void volume_sum(const void *block, uint64_t bytes,
    uint8_t sum[VOLUME_SUM_BYTES])
{
	XXH64_canonical_t canonical;

	XXH64_canonicalFromHash(&canonical, XXH3_64bits(block, bytes));
	memcpy(sum, canonical.digest, VOLUME_SUM_BYTES);
}

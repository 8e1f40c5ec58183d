/* sum.c: checksums, by xxHash. */
#include "splitter/sum.h"

#include <stddef.h>
#include <stdio.h>

#include <xxhash.h>
/* Installed where the library was built with it; redirects the XXH3 calls. */
#if defined(__x86_64__) && defined(__has_include)
#if __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#endif
#endif

/* The library's own state, under another name. */
static XXH3_state_t *state_of(struct sum *sum)
{
	return (XXH3_state_t *)(void *)sum;
}

struct sum *sum_new(void)
{
	XXH3_state_t *state = XXH3_createState();

	if (state != NULL)
		XXH3_128bits_reset(state);
	return (struct sum *)(void *)state;
}

void sum_reset(struct sum *sum)
{
	XXH3_128bits_reset(state_of(sum));
}

void sum_add(struct sum *sum, const void *data, uint64_t bytes)
{
	XXH3_128bits_update(state_of(sum), data, bytes);
}

void sum_text(const struct sum *sum, char text[SUM_TEXT_BYTES])
{
	const XXH3_state_t *state = (const XXH3_state_t *)(const void *)sum;
	XXH128_canonical_t canonical;
	size_t i;

	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
	for (i = 0; i < sizeof canonical.digest; i++)
		snprintf(text + 2 * i, 3, "%02x", canonical.digest[i]);
}

void sum_free(struct sum *sum)
{
	XXH3_freeState(state_of(sum));
}

uint64_t sum_block(const void *data, uint64_t bytes)
{
	return XXH3_64bits(data, bytes);
}

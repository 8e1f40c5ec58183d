/* sum.c: checksums, by xxHash. */
#include "splitter/format/sum.h"
#include "splitter/base/hex.h"

#include <stddef.h>

#include <xxhash.h>
/*
 * The shared library has functions that pick the best instructions at run
 * time.  Its static form may lack these functions (Debian's does), so they are
 * weak symbols here.  Where they are missing, the plain functions give the same
 * results, and a program can be linked with -static.
 */
#if defined(__x86_64__) && defined(__has_include)
#if __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#undef XXH3_64bits
#undef XXH3_128bits
#undef XXH3_128bits_update
#pragma weak XXH3_64bits_dispatch
#pragma weak XXH3_128bits_dispatch
#pragma weak XXH3_128bits_update_dispatch
#define BEST(name) (name##_dispatch != NULL ? name##_dispatch : name)
#endif
#endif
#ifndef BEST
#define BEST(name) name
#endif

/* A struct sum is the state of the library under another name. */
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
	BEST(XXH3_128bits_update)(state_of(sum), data, bytes);
}

static void write_text(XXH128_hash_t hash, char text[SUM_TEXT_BYTES])
{
	XXH128_canonical_t canonical;

	XXH128_canonicalFromHash(&canonical, hash);
	hex_write(text, canonical.digest, sizeof canonical.digest);
}

void sum_text(const struct sum *sum, char text[SUM_TEXT_BYTES])
{
	write_text(XXH3_128bits_digest((const XXH3_state_t *)(const void *)sum),
	    text);
}

void sum_text_of(const void *data, uint64_t bytes, char text[SUM_TEXT_BYTES])
{
	write_text(BEST(XXH3_128bits)(data, bytes), text);
}

void sum_copy(struct sum *to, const struct sum *from)
{
	XXH3_copyState(state_of(to), (const XXH3_state_t *)(const void *)from);
}

void sum_free(struct sum *sum)
{
	XXH3_freeState(state_of(sum));
}

uint64_t sum_block(const void *data, uint64_t bytes)
{
	return BEST(XXH3_64bits)(data, bytes);
}

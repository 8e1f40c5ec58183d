/* ring.c: the buffer between producer and tape thread. */
#include "splitter/buffer/ring.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* A restart has a gain only if more of the ring than this is in use. */
enum { NEAR_BYTES = 512 << 10 };

/*
 * The places in the order of the dump, repeated, from `origin` on:
 *
 *     initially          [0, bytes)
 *     after a restart    [before, before + stay), [0, before),
 *                        [before + stay, bytes)
 */
struct ring {
	char *base;
	uint64_t bytes;
	uint64_t origin;
	uint64_t before, stay; /* if `stay` is 0, the initial order is in use */
};

struct ring *ring_new(uint64_t bytes, char *err, size_t err_bytes)
{
	struct ring *ring = calloc(1, sizeof *ring);

	if (ring != NULL && bytes <= INT64_MAX / 4) {
		ring->bytes = bytes;
		ring->base = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	} else if (ring != NULL) {
		ring->base = MAP_FAILED;
		errno = ENOMEM;
	}
	if (ring == NULL || ring->base == MAP_FAILED) {
		snprintf(err, err_bytes,
		    "cannot allocate a buffer of %llu bytes: %s; use a "
		    "smaller buffer or, with cache memory, smaller parts",
		    (unsigned long long)bytes, strerror(errno));
		free(ring);
		return NULL;
	}
	return ring;
}

void *ring_at(const struct ring *ring, uint64_t offset,
    uint64_t *contiguous_bytes)
{
	uint64_t at = offset - ring->origin, end;

	at %= ring->bytes;
	if (at < ring->stay) {
		at += ring->before;
		end = ring->before + ring->stay;
	} else if (at < ring->stay + ring->before) {
		at -= ring->stay;
		end = ring->before;
	} else {
		end = ring->bytes;
	}
	*contiguous_bytes = end - at;
	return ring->base + at;
}

void ring_restart(struct ring *ring, uint64_t from, uint64_t to,
    uint64_t block_bytes)
{
	uint64_t near = ring->bytes / 2, stay = to - from, row, before;

	if (near > NEAR_BYTES)
		near = NEAR_BYTES;
	before = (uint64_t)((char *)ring_at(ring, from, &row) - ring->base);
	/*
	 * The bytes in use need a contiguous place that is not too close to the
	 * beginning of the memory.
	 */
	if (stay > 0 &&
	    (before + stay < near || before < stay ||
		before % block_bytes != 0 || before + stay > ring->bytes ||
		stay > row))
		return;
	ring->origin = from;
	ring->before = stay > 0 ? before : 0;
	ring->stay = stay;
}

void ring_free(struct ring *ring)
{
	if (ring == NULL)
		return;
	munmap(ring->base, ring->bytes);
	free(ring);
}

/* ring.c: the buffer, as memory that is mapped twice in a row. */
#include "splitter/buffer/ring.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef RING_MAP_ONCE
enum { MAPPINGS = 1 };
#else
enum { MAPPINGS = 2 };
#endif

/* Farther from the beginning it is worth while to go back there. */
enum { NEAR_BYTES = 512 << 10 };

/*
 * The places in the order of the dump, over and over, from that of origin on:
 *
 *     as it began        [0, bytes)
 *     after a restart    [before, before + stay), [0, before),
 *                        [before + stay, whole)
 */
struct ring {
	char *base;
	uint64_t bytes; /* one mapping */
	uint64_t whole; /* of these, whole blocks: what was asked for */
	uint64_t origin;
	uint64_t before, stay; /* stay 0: as it began */
};

/* Maps the file over and over into the room reserved at `base`. */
static bool map_all(char *base, uint64_t bytes, int fd)
{
	int i;

	for (i = 0; i < MAPPINGS; i++)
		if (mmap(base + (uint64_t)i * bytes, bytes,
			PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
			0) == MAP_FAILED)
			return false;
	return true;
}

static char *map_memory(uint64_t bytes)
{
	char *base;
	int fd, saved;

	fd = memfd_create("tapelab buffer", MFD_CLOEXEC);
	if (fd == -1)
		return NULL;
	base = NULL;
	if (ftruncate(fd, (off_t)bytes) == 0)
		base = mmap(NULL, bytes * MAPPINGS, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (base == MAP_FAILED)
		base = NULL;
	if (base != NULL && !map_all(base, bytes, fd)) {
		saved = errno;
		munmap(base, bytes * MAPPINGS);
		errno = saved;
		base = NULL;
	}
	saved = errno;
	close(fd);
	errno = saved;
	return base;
}

struct ring *ring_new(uint64_t bytes, char *err, size_t err_bytes)
{
	struct ring *ring = calloc(1, sizeof *ring);
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	if (ring != NULL && bytes <= INT64_MAX / 4) {
		ring->whole = bytes;
		ring->bytes = (bytes + page - 1) / page * page;
		ring->base = map_memory(ring->bytes);
#ifdef RING_MAP_ONCE
		ring->bytes = bytes; /* or a block would not be in a row */
#endif
	} else {
		errno = ENOMEM;
	}
	if (ring == NULL || ring->base == NULL) {
		snprintf(err, err_bytes,
		    "cannot have a buffer of %llu bytes: "
		    "%s; ask for a smaller buffer, or a smaller part with "
		    "cache memory",
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

	if (ring->stay == 0) {
		at %= ring->bytes;
		*contiguous_bytes =
		    MAPPINGS == 1 ? ring->bytes - at : ring->bytes;
		return ring->base + at;
	}
	at %= ring->whole;
	if (at < ring->stay) {
		at += ring->before;
		end = ring->before + ring->stay;
	} else if (at < ring->stay + ring->before) {
		at -= ring->stay;
		end = ring->before;
	} else {
		end = ring->whole;
	}
	*contiguous_bytes = end - at;
	return ring->base + at;
}

void ring_restart(struct ring *ring, uint64_t from, uint64_t to,
    uint64_t block_bytes)
{
	uint64_t near = ring->whole / 2, stay = to - from, row, before;

	if (near > NEAR_BYTES)
		near = NEAR_BYTES;
	before = (uint64_t)((char *)ring_at(ring, from, &row) - ring->base);
	/* A place that lies in a row, and not too close to the first. */
	if (stay > 0 &&
	    (before + stay < near || before < stay ||
		before % block_bytes != 0 || before + stay > ring->whole ||
		stay > row))
		return;
	ring->origin = from;
	ring->before = before;
	ring->stay = stay;
}

void ring_free(struct ring *ring)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	if (ring == NULL)
		return;
	munmap(ring->base, (ring->bytes + page - 1) / page * page * MAPPINGS);
	free(ring);
}

/* pattern.c: see pattern.h. */
#include "sim/run/steps/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "splitter/base/random.h"

/* The block at an offset is at this offset of the pool, modulo its size. */
struct pattern {
	uint64_t seed;
	uint64_t bytes; /* of each of the two; the end is for one long block */
	unsigned char *clean; /* as it was drawn */
	unsigned char *pool;  /* with stamps: `stamped` bytes from `first` on */
	uint64_t first, stamped, block_bytes;
};

struct pattern *pattern_new(uint64_t seed, uint64_t block_max_bytes, bool zeros)
{
	struct pattern *p = calloc(1, sizeof *p);
	uint64_t state = seed;

	if (p == NULL)
		return NULL;
	p->seed = seed;
	p->bytes = (PATTERN_POOL_BYTES + block_max_bytes + 7) / 8 * 8;
	p->clean = calloc(1, p->bytes);
	p->pool = calloc(1, p->bytes);
	if (p->clean == NULL || p->pool == NULL) {
		pattern_free(p);
		return NULL;
	}
	for (uint64_t i = 0; !zeros && i < p->bytes; i += sizeof state) {
		state = random_next(state, i + 1);
		memcpy(p->clean + i, &state, sizeof state);
	}
	memcpy(p->pool, p->clean, p->bytes);
	return p;
}

void pattern_free(struct pattern *p)
{
	if (p == NULL)
		return;
	free(p->clean);
	free(p->pool);
	free(p);
}

static void stamp(const struct pattern *p, uint64_t offset,
    unsigned char to[PATTERN_STAMP_BYTES])
{
	uint64_t mixed = random_next(p->seed, offset);

	memcpy(to, &offset, sizeof offset);
	memcpy(to + sizeof offset, &mixed, sizeof mixed);
}

/* Removes the stamps of the last call. */
static void clean(struct pattern *p)
{
	for (uint64_t at = 0; at < p->stamped; at += p->block_bytes)
		memcpy(p->pool + p->first + at, p->clean + p->first + at,
		    PATTERN_STAMP_BYTES);
	p->stamped = 0;
}

const void *pattern_blocks(struct pattern *p, uint64_t offset,
    uint64_t block_bytes, uint64_t *bytes)
{
	uint64_t room, first = offset % PATTERN_POOL_BYTES;

	clean(p);
	room = PATTERN_POOL_BYTES - first;
	room = room < block_bytes ? block_bytes : room - room % block_bytes;
	if (*bytes > room)
		*bytes = room;
	p->first = first;
	p->block_bytes = block_bytes;
	for (uint64_t at = 0; at + PATTERN_STAMP_BYTES <= *bytes;
	     at += block_bytes) {
		stamp(p, offset + at, p->pool + first + at);
		p->stamped = at + 1;
	}
	return p->pool + first;
}

bool pattern_same(const struct pattern *p, uint64_t offset, const void *block,
    uint64_t bytes)
{
	unsigned char own[PATTERN_STAMP_BYTES];
	const unsigned char *is = block;
	uint64_t first = offset % PATTERN_POOL_BYTES;

	if (bytes < PATTERN_STAMP_BYTES || bytes > p->bytes - first)
		return false;
	stamp(p, offset, own);
	return memcmp(is, own, sizeof own) == 0 &&
	    memcmp(is + sizeof own, p->clean + first + sizeof own,
		(size_t)(bytes - sizeof own)) == 0;
}

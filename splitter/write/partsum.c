/* partsum.c: the checksums of a part, to which two threads contribute. */
#include "splitter/write/partsum.h"

#include <assert.h>
#include <stdlib.h>

#include "splitter/buffer/sync.h"

/* The checksums are kept for this number of pieces. */
enum { KEPT = 128 };

/* The checksums of the bytes before an offset. */
struct upto {
	uint64_t attempt; /* number of the attempt, from 1; 0: none */
	uint64_t offset;
	bool apart;        /* `whole` is needed and differs from `part` */
	struct sum *part;  /* checksum from the beginning of the attempt */
	struct sum *whole; /* checksum from the beginning of the dump */
};

struct partsum {
	struct sync_lock lock;
	/* checksums of the bytes that the writer has written */
	struct upto written;
	struct upto kept[KEPT];
	unsigned next;     /* index in `kept` that is replaced next */
	struct upto ahead; /* used by the producer only, without the lock */
	/* offset of the last one in `kept`; used by the producer only */
	uint64_t kept_offset;
	struct sum *safe; /* checksum of the dump up to the committed offset */
	bool wants_whole;
	uint64_t block_bytes;
};

static bool get(struct upto *u)
{
	if (u->part == NULL)
		u->part = sum_new();
	if (u->whole == NULL)
		u->whole = sum_new();
	return u->part != NULL && u->whole != NULL;
}

static void copy(struct upto *to, const struct upto *from)
{
	to->attempt = from->attempt;
	to->offset = from->offset;
	to->apart = from->apart;
	sum_copy(to->part, from->part);
	if (from->apart)
		sum_copy(to->whole, from->whole);
}

static void add(struct upto *u, const void *data, uint64_t bytes)
{
	sum_add(u->part, data, bytes);
	if (u->apart)
		sum_add(u->whole, data, bytes);
	u->offset += bytes;
}

static void clear(struct upto *u)
{
	sum_free(u->part);
	sum_free(u->whole);
}

struct partsum *partsum_new(uint64_t block_bytes, bool wants_whole,
    const struct sum *whole)
{
	struct partsum *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	p->block_bytes = block_bytes;
	p->wants_whole = wants_whole;
	sync_lock_init(&p->lock);
	p->safe = sum_new();
	if (!get(&p->written) || !get(&p->ahead) || p->safe == NULL) {
		partsum_free(p);
		return NULL;
	}
	if (whole != NULL)
		sum_copy(p->safe, whole);
	return p;
}

void partsum_free(struct partsum *p)
{
	unsigned i;

	if (p == NULL)
		return;
	for (i = 0; i < KEPT; i++)
		clear(&p->kept[i]);
	clear(&p->ahead);
	clear(&p->written);
	sum_free(p->safe);
	sync_lock_destroy(&p->lock);
	free(p);
}

void partsum_begin(struct partsum *p, uint64_t offset)
{
	sync_lock(&p->lock);
	p->written.attempt++;
	p->written.offset = offset;
	p->written.apart = p->wants_whole && offset > 0;
	sum_reset(p->written.part);
	if (p->written.apart)
		sum_copy(p->written.whole, p->safe);
	sync_unlock(&p->lock);
}

void partsum_catch_up(struct partsum *p, uint64_t end)
{
	const struct upto *best = &p->written;
	unsigned i;

	sync_lock(&p->lock);
	for (i = 0; i < KEPT; i++)
		if (p->kept[i].attempt == p->written.attempt &&
		    p->kept[i].offset > best->offset &&
		    p->kept[i].offset <= end)
			best = &p->kept[i];
	if (best != &p->written)
		copy(&p->written, best);
	sync_unlock(&p->lock);
}

void partsum_add(struct partsum *p, uint64_t offset, const void *data,
    uint64_t bytes)
{
	uint64_t known = p->written.offset - offset;

	assert(p->written.offset >= offset);
	if (known >= bytes)
		return;
	sync_lock(&p->lock);
	add(&p->written, (const char *)data + known, bytes - known);
	sync_unlock(&p->lock);
}

void partsum_text(const struct partsum *p, char text[SUM_TEXT_BYTES])
{
	sum_text(p->written.part, text);
}

void partsum_commit(struct partsum *p)
{
	sum_copy(p->safe,
	    p->written.apart ? p->written.whole : p->written.part);
}

void partsum_whole_text(const struct partsum *p, char text[SUM_TEXT_BYTES])
{
	sum_text(p->safe, text);
}

/*
 * Returns whether the checksums of the attempt in progress are known up to
 * `offset`; `ahead` then has them.
 */
static bool find_before(struct partsum *p, uint64_t offset)
{
	bool found = true;

	sync_lock(&p->lock);
	if (p->written.attempt == 0) {
		found = false;
	} else if (p->ahead.attempt != p->written.attempt ||
	    p->ahead.offset != offset) {
		found = p->written.offset == offset;
		if (found)
			copy(&p->ahead, &p->written);
		p->kept_offset = offset;
	}
	sync_unlock(&p->lock);
	return found;
}

/*
 * Stores the checksums of `ahead` for the writer.  Without memory does nothing,
 * and the writer hashes the bytes itself.
 */
static void keep(struct partsum *p)
{
	struct upto *place = &p->kept[p->next];

	if (!get(place))
		return;
	sync_lock(&p->lock);
	copy(place, &p->ahead);
	p->next = (p->next + 1) % KEPT;
	sync_unlock(&p->lock);
	p->kept_offset = p->ahead.offset;
}

void partsum_ahead(struct partsum *p, uint64_t offset, const void *data,
    uint64_t bytes)
{
	if (!find_before(p, offset))
		return;
	add(&p->ahead, data, bytes);
	if (p->ahead.offset - p->kept_offset >= p->block_bytes)
		keep(p);
}

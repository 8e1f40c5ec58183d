/* replay.c: checksums of the blocks that may have to be written again. */
#include "splitter/write/replay.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/format/sum.h"
#include "splitter/base/grow.h"

void replay_init(struct replay *r, uint64_t block_bytes)
{
	memset(r, 0, sizeof *r);
	r->block_bytes = block_bytes;
}

static uint64_t block_at(const struct replay *r, uint64_t left)
{
	return left < r->block_bytes ? left : r->block_bytes;
}

bool replay_same(const struct replay *r, uint64_t offset, const void *data,
    uint64_t bytes)
{
	const char *p = data;
	size_t i = (size_t)((offset - r->from) / r->block_bytes);
	uint64_t n;

	assert(offset >= r->from && offset % r->block_bytes == 0);
	for (; bytes > 0; bytes -= n, p += n, i++) {
		n = block_at(r, bytes);
		if (i >= r->count || sum_block(p, n) != r->sums[i])
			return false;
	}
	return true;
}

void replay_note(struct replay *r, uint64_t offset, const void *data,
    uint64_t bytes)
{
	const char *p = data;
	uint64_t at = offset, n, *sums;

	if (r->blind)
		return;
	for (; bytes > 0; bytes -= n, p += n, at += n) {
		n = block_at(r, bytes);
		if (at < r->from + r->count * r->block_bytes)
			continue;
		sums = grow_by_one(r->sums, r->count, sizeof *sums);
		if (sums == NULL) {
			r->blind = true;
			return;
		}
		r->sums = sums;
		r->sums[r->count++] = sum_block(p, n);
	}
}

void replay_forget(struct replay *r, uint64_t offset)
{
	size_t gone =
	    (size_t)((offset - r->from + r->block_bytes - 1) / r->block_bytes);

	if (gone >= r->count) {
		r->count = 0;
		r->blind = false;
	} else {
		r->count -= gone;
		memmove(r->sums, r->sums + gone, r->count * sizeof *r->sums);
	}
	r->from = offset;
}

void replay_free(struct replay *r)
{
	free(r->sums);
	r->sums = NULL;
}

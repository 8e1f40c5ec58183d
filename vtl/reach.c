/* reach.c: see reach.h. */
#include "vtl/reach.h"

#include <assert.h>

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Which of `blocks` blocks is the first that ends beyond byte `limit`? */
static uint64_t first_beyond(uint64_t at, uint64_t bytes,
    uint64_t block_bytes, uint64_t blocks, uint64_t limit)
{
	if (at + bytes <= limit)
		return blocks;
	if (at >= limit)
		return 0;
	return min64((limit - at) / block_bytes, blocks - 1);
}

enum reach_end reach_run(const struct reach_medium *medium, uint64_t bytes,
    uint64_t block_bytes, uint64_t *taken_bytes)
{
	uint64_t at = medium->at_byte, defect = medium->defect_byte;
	uint64_t blocks = (bytes - 1) / block_bytes + 1;
	uint64_t stop, warned;
	enum reach_end end = REACH_ALL;

	assert(bytes > 0 && block_bytes > 0 && at <= UINT64_MAX - bytes);
	stop = first_beyond(at, bytes, block_bytes, blocks,
	    medium->capacity_bytes);
	if (stop < blocks)
		end = REACH_OVERFLOW;
	if (defect >= at && defect - at < bytes &&
	    (defect - at) / block_bytes < stop) {
		stop = (defect - at) / block_bytes;
		end = REACH_DEFECT;
	}
	warned = first_beyond(at, bytes, block_bytes, blocks,
	    medium->warning_byte);
	if (warned < stop) {
		stop = warned + 1;
		end = REACH_WARNING;
	}
	*taken_bytes = stop == blocks ? bytes : stop * block_bytes;
	return end;
}

/* extent_fit.c: see extent_fit.h. */
#include "vtl/drive/extent_fit.h"

#include <assert.h>

enum { PERMILLE = 1000 };

/* A run, and its number of blocks. */
struct run {
	const struct extent_fit_medium *medium;
	uint64_t bytes, block_bytes, blocks;
};

uint64_t extent_fit_medium_byte(const struct extent_fit_layout *layout,
    uint64_t bytes, uint64_t blocks, uint64_t filemarks)
{
	uint64_t ratio = layout->ratio_permille;

	if (ratio != 0 && ratio != PERMILLE)
		bytes =
		    bytes / ratio * PERMILLE + bytes % ratio * PERMILLE / ratio;
	return bytes + blocks * layout->block_overhead_bytes +
	    filemarks * layout->filemark_bytes;
}

/* Returns the byte of the medium after the first `blocks` blocks of the run. */
static uint64_t byte_after(const struct run *run, uint64_t blocks)
{
	const struct extent_fit_medium *m = run->medium;
	uint64_t bytes =
	    blocks == run->blocks ? run->bytes : blocks * run->block_bytes;

	return extent_fit_medium_byte(&m->layout, m->at_byte + bytes,
	    m->at_block + blocks, m->at_filemark);
}

/*
 * Returns the index of the first block of the run that ends after byte `limit`;
 * the number of blocks if there is none.
 */
static uint64_t first_beyond(const struct run *run, uint64_t limit)
{
	uint64_t low = 0, high = run->blocks;

	if (byte_after(run, run->blocks) <= limit)
		return run->blocks;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (byte_after(run, middle + 1) <= limit)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Ends the run after the block that meets a warning, unless the run ends
 * earlier.
 */
static void warn(const struct run *run, uint64_t *stop,
    enum extent_fit_end *end)
{
	const struct extent_fit_medium *m = run->medium;
	uint64_t block;

	if (m->warning_byte != EXTENT_FIT_NEVER) {
		block = first_beyond(run, m->warning_byte);
		if (block < *stop &&
		    m->early_warning_delay_blocks < *stop - block) {
			*stop = block + m->early_warning_delay_blocks + 1;
			*end = EXTENT_FIT_WARNING;
		}
	}
	if (m->pews_byte == 0 || byte_after(run, 0) > m->pews_byte)
		return;
	block = first_beyond(run, m->pews_byte);
	if (block + (*end == EXTENT_FIT_WARNING) < *stop) {
		*stop = block + 1;
		*end = EXTENT_FIT_PEW;
	}
}

enum extent_fit_end extent_fit_run(const struct extent_fit_medium *medium,
    uint64_t bytes, uint64_t block_bytes, uint64_t *taken_bytes)
{
	const struct run run = { medium, bytes, block_bytes,
		bytes == 0 ? 0 : (bytes - 1) / block_bytes + 1 };
	enum extent_fit_end end = EXTENT_FIT_ALL;
	uint64_t stop, defect;

	assert(bytes > 0 && block_bytes > 0);
	assert(medium->at_byte <= UINT64_MAX - bytes);
	stop = first_beyond(&run, medium->capacity_bytes);
	if (stop < run.blocks)
		end = EXTENT_FIT_OVERFLOW;
	if (medium->defect_byte != EXTENT_FIT_NEVER &&
	    medium->defect_byte >= byte_after(&run, 0)) {
		defect = first_beyond(&run, medium->defect_byte);
		if (defect < stop) {
			stop = defect;
			end = EXTENT_FIT_DEFECT;
		}
	}
	if (medium->fails && stop > 0) {
		stop = 0;
		end = EXTENT_FIT_DEFECT;
	}
	warn(&run, &stop, &end);
	*taken_bytes = stop == run.blocks ? bytes : stop * block_bytes;
	return end;
}

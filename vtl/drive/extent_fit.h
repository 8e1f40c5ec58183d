/*
 * extent_fit.h: how much of a run of blocks fits on a medium.
 *
 * This is arithmetic only.  The result for a run of any length is that for its
 * blocks one after the other, each tested in this order:
 *
 *  1. A block that would end after the capacity does not fit, and nothing of it
 *     is written.
 *  2. A block that covers a defect fails, and nothing of it is written.
 *  3. A block that ends after the early warning is written, and the run stops
 *     after it.  A drive with a delay stops that many blocks later.
 *  4. The block that crosses the programmable early warning is written, and the
 *     run stops after it.  Later blocks do not stop the run.
 *
 * Capacity, warnings and defects are bytes of the medium.  The byte of the
 * medium at a position depends on the objects before it and on the layout: data
 * after compression, an overhead for each block, a size for each filemark.
 */
#ifndef VTL_EXTENT_FIT_H
#define VTL_EXTENT_FIT_H

#include <stdbool.h>
#include <stdint.h>

#define EXTENT_FIT_NEVER UINT64_MAX

/*
 * How data is laid out on the medium.  With all members 0, data takes its
 * length, and nothing else takes room.
 */
struct extent_fit_layout {
	uint64_t ratio_permille; /* ratio of data to medium; 0 is 1000, 1:1 */
	uint64_t block_overhead_bytes;
	uint64_t filemark_bytes;
};

struct extent_fit_medium {
	uint64_t at_byte;     /* bytes of data before the run */
	uint64_t at_block;    /* blocks before the run */
	uint64_t at_filemark; /* filemarks before the run */
	uint64_t capacity_bytes;
	/* place of the early warning, or EXTENT_FIT_NEVER */
	uint64_t warning_byte;
	/*
	 * Number of blocks after the early warning that are still without a
	 * warning.
	 */
	uint64_t early_warning_delay_blocks;
	/* place of the programmable early warning; 0: none */
	uint64_t pews_byte;
	/* place of the next defect, or EXTENT_FIT_NEVER */
	uint64_t defect_byte;
	bool fails; /* the first block meets a defect */
	struct extent_fit_layout layout;
};

enum extent_fit_end {
	EXTENT_FIT_ALL, /* nothing stopped the run */
	/* stopped after the block that met the early warning */
	EXTENT_FIT_WARNING,
	/* stopped after the block that met the programmable one */
	EXTENT_FIT_PEW,
	EXTENT_FIT_OVERFLOW, /* stopped before the block that does not fit */
	EXTENT_FIT_DEFECT    /* stopped before the block on the defect */
};

/*
 * Returns the byte of the medium after this number of data bytes, blocks and
 * filemarks.
 */
uint64_t extent_fit_medium_byte(const struct extent_fit_layout *layout,
    uint64_t bytes, uint64_t blocks, uint64_t filemarks);

/*
 * Determines how much is written of a run of `bytes` > 0, in blocks of
 * `block_bytes` > 0.  The last block may be short. at_byte + bytes must not
 * overflow.  `*taken_bytes` is the number of bytes written.
 */
enum extent_fit_end extent_fit_run(const struct extent_fit_medium *medium,
    uint64_t bytes, uint64_t block_bytes, uint64_t *taken_bytes);

#endif

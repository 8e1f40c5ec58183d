/*
 * reach.h: how far a run of blocks gets on a medium.
 *
 * Arithmetic only: the result for a run of any length is that for its blocks
 * one after the other, each tested in this order:
 *
 *  1. a block that would end beyond the capacity does not fit, and nothing of
 *     it goes on tape;
 *  2. a block that covers a defect fails, and nothing of it goes on tape;
 *  3. a block that ends beyond the early warning goes on tape, and the run
 *     stops behind it; a drive that is late stops so many blocks later;
 *  4. so does the one with which the programmable early warning is crossed,
 *     but no later one.
 *
 * Capacity, warnings and defects are bytes of the medium.  What a place takes
 * of the medium is a function of what lies before it, and of the layout: data
 * after compression, something for each block, and for each filemark.
 */
#ifndef VTL_EXTENT_FIT_H
#define VTL_EXTENT_FIT_H

#include <stdbool.h>
#include <stdint.h>

#define EXTENT_FIT_NEVER UINT64_MAX

/* All 0: a byte takes a byte, and nothing else takes any. */
struct extent_fit_layout {
	uint64_t ratio_permille; /* data to medium; 0 is 1000, 1:1 */
	uint64_t block_overhead_bytes;
	uint64_t filemark_bytes;
};

struct extent_fit_medium {
	uint64_t at_byte;     /* where the run begins: bytes of data, */
	uint64_t at_block;    /* blocks, */
	uint64_t at_filemark; /* and filemarks before it */
	uint64_t capacity_bytes;
	uint64_t
	    warning_byte; /* capacity - early warning, or EXTENT_FIT_NEVER */
	uint64_t
	    early_warning_delay_blocks; /* in its zone that are yet without warning */
	uint64_t pews_byte;             /* 0: none */
	uint64_t
	    defect_byte; /* the first at or behind it, or EXTENT_FIT_NEVER */
	bool fails;      /* the first block does, at a defect */
	struct extent_fit_layout layout;
};

enum extent_fit_end {
	EXTENT_FIT_ALL,      /* nothing stopped it */
	EXTENT_FIT_WARNING,  /* stopped behind the block that met it */
	EXTENT_FIT_PEW,      /* likewise */
	EXTENT_FIT_OVERFLOW, /* before the block that does not fit */
	EXTENT_FIT_DEFECT    /* before the block that covers the defect */
};

/* The byte of the medium behind so much. */
uint64_t extent_fit_medium_byte(const struct extent_fit_layout *layout,
    uint64_t bytes, uint64_t blocks, uint64_t filemarks);

/*
 * A run of `bytes` > 0 in blocks of `block_bytes` > 0, the last of which may
 * be short; at_byte + bytes does not overflow.  Sets *taken_bytes to what
 * goes on tape.
 */
enum extent_fit_end extent_fit_run(const struct extent_fit_medium *medium,
    uint64_t bytes, uint64_t block_bytes, uint64_t *taken_bytes);

#endif

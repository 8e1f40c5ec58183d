/*
 * reach.h: how far a run of blocks gets on a medium.
 *
 * Arithmetic only: the answer for a run of any length is that for its blocks
 * one after the other, each tested in this order:
 *
 *  1. a block that would end beyond the capacity does not fit, and nothing of
 *     it goes on tape;
 *  2. a block that covers a defect fails, and nothing of it goes on tape;
 *  3. a block that ends beyond the early warning goes on tape, and the run
 *     stops behind it.
 */
#ifndef VTL_REACH_H
#define VTL_REACH_H

#include <stdint.h>

#define REACH_NEVER	UINT64_MAX

struct reach_medium {
	uint64_t at_byte;	/* where the run begins; <= capacity_bytes */
	uint64_t capacity_bytes;
	uint64_t warning_byte;	/* capacity - early warning, or REACH_NEVER */
	uint64_t defect_byte;	/* the first >= at_byte, or REACH_NEVER */
};

enum reach_end {
	REACH_ALL,		/* nothing stopped it */
	REACH_WARNING,		/* stopped behind the block that met it */
	REACH_OVERFLOW,		/* before the block that does not fit */
	REACH_DEFECT		/* before the block that covers the defect */
};

/*
 * A run of `bytes` > 0 in blocks of `block_bytes` > 0, the last of which may
 * be short; at_byte + bytes does not overflow.  Sets *taken_bytes to what
 * goes on tape.
 */
enum reach_end reach_run(const struct reach_medium *medium, uint64_t bytes,
    uint64_t block_bytes, uint64_t *taken_bytes);

#endif

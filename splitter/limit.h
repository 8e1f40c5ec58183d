/*
 * limit.h: a filter that makes every volume of a library smaller.
 *
 * What is written since BOT counts: label, headers and data; a filemark costs
 * nothing.  The block that ends more than capacity - early warning bytes from
 * BOT meets the early warning; the one that would end beyond the capacity
 * meets the physical end, and is not passed on.  So a part of a real volume
 * serves to test how a dump spans volumes.
 */
#ifndef SPLITTER_LIMIT_H
#define SPLITTER_LIMIT_H

#include "splitter/tape.h"

struct limit {
	uint64_t capacity_bytes;
	bool early_warning;		/* false: none is given */
	uint64_t early_warning_bytes;	/* before the end */
};

/* As fault_library_new. */
struct tape_library *limit_library_new(struct tape_library *inner,
    const struct limit *limit);
void limit_library_free(struct tape_library *library);

#endif

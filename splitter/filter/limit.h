/*
 * limit.h: a filter that makes every volume of a library smaller.
 *
 * What is written since BOT counts: label, headers and data; a filemark costs
 * nothing.  The block that ends more than capacity - early warning bytes from
 * BOT meets the early warning; the one that would end beyond the capacity
 * meets the physical end, and is not passed on.  So a part of a real volume
 * serves to test how a dump spans volumes.
 *
 * Once the warning was met, here or below, every later answer to a write, a
 * filemark too, has it until the tape is rewound; once the physical end was
 * met, no block is passed on until the tape is moved.  Filemarks are.
 *
 * Reading and moving are passed on.  Whoever goes on from a place that was
 * come to without writing (a volume that is appended to) begins with the
 * bytes of the medium before this place, as the tape reports its position.  A
 * real drive does not report bytes, only blocks and filemarks: then each block
 * before this place counts as one of those that are written next.  A drive that
 * does not report its position at all: what was there does not count.
 */
#ifndef SPLITTER_LIMIT_H
#define SPLITTER_LIMIT_H

#include "splitter/tape/tape.h"

struct limit {
	uint64_t capacity_bytes;
	bool early_warning; /* false: none is given here */
	/* Before the end; as much as the capacity or more: from BOT on. */
	uint64_t early_warning_bytes;
};

/* As fault_library_new; threads may use it as they may use `inner`. */
struct tape_library *limit_library_new(struct tape_library *inner,
    const struct limit *limit);
void limit_library_free(struct tape_library *library);

#endif

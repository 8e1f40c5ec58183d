/*
 * limit.h: a filter that makes every volume of a library smaller.
 *
 * Everything written since BOT counts: label, headers and data; filemarks take
 * no room.  The block that ends more than capacity - early warning bytes after
 * BOT meets the early warning.  The block that would end beyond the capacity
 * meets the physical end and is not forwarded.  So a part of a real volume can
 * be used to test how a dump spans volumes.
 *
 * After the warning was met, here or below, every later result of a write or
 * filemark has it until the tape is rewound.  After the physical end was met,
 * no block is forwarded until the tape is moved; filemarks are.
 *
 * Reads and moves are forwarded.  A write at a position that was reached
 * without writing (a volume that is appended to) starts with the bytes of the
 * medium before that position, as the tape reports them.  A real drive reports
 * only blocks and filemarks: then each block before the position counts with
 * the size of the blocks written next.  If a drive does not report its
 * position, the older data does not count.
 */
#ifndef SPLITTER_LIMIT_H
#define SPLITTER_LIMIT_H

#include "splitter/tape/tape.h"

struct limit {
	uint64_t capacity_bytes;
	bool early_warning; /* false: the limit has no early warning */
	/*
	 * Distance of the warning from the end.  If the distance is at least
	 * the capacity, the warning is met from BOT on.
	 */
	uint64_t early_warning_bytes;
};

/*
 * Creates a limit filter before `inner`, as fault_library_new().  Threads may
 * use the filter as they may use `inner`.
 */
struct tape_library *limit_library_new(struct tape_library *inner,
    const struct limit *limit);
void limit_library_free(struct tape_library *library);

#endif

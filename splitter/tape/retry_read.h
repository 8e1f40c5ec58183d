/*
 * again.h: a block that cannot be read is tried again, as a person would.
 *
 * A drive has tried often by itself before it gives up.  Yet another pass from
 * farther ahead may succeed: the tape lies otherwise on the head.
 */
#ifndef SPLITTER_RETRY_READ_H
#define SPLITTER_RETRY_READ_H

#include "splitter/tape/tape.h"

/*
 * `block` is that of file `file` with `before` others before it in the file.
 * To be called behind a reading of it that has failed, with its answer in
 * `answer`: where the cause is the medium it is read anew from the file's
 * beginning on, twice at most, into `buf`, which has room for `buf_bytes`.
 * `answer` is that of the last try; what it was, where the block could not be
 * come to again.  The tape stands where the last try has left it, and `now_ns`
 * goes on.
 */
void retry_read(struct tape *tape, uint64_t file, uint64_t before, void *buf,
    uint64_t buf_bytes, struct tape_block *block, int64_t *now_ns,
    struct tape_result *answer);

#endif

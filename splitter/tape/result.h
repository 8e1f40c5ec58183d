/* result.h: what the result of reading says about the tape. */
#ifndef SPLITTER_RESULT_H
#define SPLITTER_RESULT_H

#include "splitter/tape/tape.h"

/* Returns whether a block could not be read; the next block may be readable. */
bool result_is_bad_block(const struct tape_result *result);

/* Returns whether the read reached the end of the data. */
bool result_is_end(const struct tape_result *result);

/*
 * Returns whether the drive refuses to read the volume: the volume is encrypted
 * and the drive has no key.
 */
bool result_is_locked(const struct tape_result *result);

/*
 * Returns what a bit of enum tape_remark says, with advice.  NULL: the bit has
 * no meaning.
 */
const char *result_remark_text(uint64_t remark);

#endif

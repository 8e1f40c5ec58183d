/* result.h: what the result of reading says about the tape. */
#ifndef SPLITTER_RESULT_H
#define SPLITTER_RESULT_H

#include "splitter/tape/tape.h"

/* Whether a block could not be read: the next one may be readable. */
bool result_is_bad_block(const struct tape_result *result);

/* Whether the data ends there. */
bool result_is_end(const struct tape_result *result);

/*
 * Whether the drive refuses to read the volume: it has no key for an encrypted
 * one.
 */
bool result_is_locked(const struct tape_result *result);

#endif

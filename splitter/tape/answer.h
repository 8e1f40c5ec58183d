/*
 * answer.h: what a tape has answered, for whoever looks at what is on it.
 */
#ifndef SPLITTER_ANSWER_H
#define SPLITTER_ANSWER_H

#include "splitter/tape/tape.h"

/* What stands at the beginning of a volume. */
enum answer_first {
	ANSWER_HEADER,  /* of tapelab */
	ANSWER_BLANK,   /* nothing was ever written */
	ANSWER_FOREIGN, /* something else */
	ANSWER_UNREADABLE
};

/* Whether a block could not be read: the next one may be readable. */
bool answer_is_bad_block(const struct tape_result *answer);

/* Whether the data ends there. */
bool answer_is_end(const struct tape_result *answer);

/*
 * What the first block is by the answer to reading it, and whether it was a
 * header where it could be read.
 */
enum answer_first answer_first(const struct tape_result *answer, bool header);

#endif

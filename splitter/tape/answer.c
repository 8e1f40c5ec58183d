/* answer.c: what a tape has answered. */
#include "splitter/tape/answer.h"

bool answer_is_bad_block(const struct tape_result *answer)
{
	return answer->cause == TAPE_MEDIUM_ERROR ||
	    answer->cause == TAPE_STORAGE;
}

bool answer_is_end(const struct tape_result *answer)
{
	return answer->cause == TAPE_EOD || answer->cause == TAPE_BLANK;
}

enum answer_first answer_first(const struct tape_result *answer, bool header)
{
	switch (answer->cause) {
	case TAPE_OK:
		return header ? ANSWER_HEADER : ANSWER_FOREIGN;
	case TAPE_BLANK:
		return ANSWER_BLANK;
	case TAPE_FILEMARK:
	case TAPE_EOD:
	case TAPE_INVALID: /* a block longer than is read */
		return ANSWER_FOREIGN;
	default:
		return ANSWER_UNREADABLE;
	}
}

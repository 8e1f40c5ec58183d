/* answer.c: what a tape has answered. */
#include "splitter/tape/answer.h"

const char *answer_said(const struct tape_result *answer)
{
	static const char *const causes[] = {
		[TAPE_OK] = "no error",
		[TAPE_PEOM] = "the physical end of the medium",
		[TAPE_MEDIUM_ERROR] = "medium error",
		[TAPE_DEFERRED] = "deferred error",
		[TAPE_HARDWARE_ERROR] = "hardware error of the drive",
		[TAPE_POSITION_LOST] = "the position of the tape was lost",
		[TAPE_UNKNOWN] = "an error of unknown kind",
		[TAPE_PROTECTED] = "the volume is protected",
		[TAPE_BLANK] = "nothing was ever written there",
		[TAPE_FILEMARK] = "there is a filemark",
		[TAPE_EOD] = "the data ends there",
		[TAPE_NO_VOLUME] =
		    "there is no such volume, or no drive for it",
		[TAPE_INVALID] = "the drive cannot do what was asked",
		[TAPE_STORAGE] = "the volume's storage has failed",
	};

	if (answer->message[0] != '\0')
		return answer->message;
	return (unsigned)answer->cause < sizeof causes / sizeof *causes
	    ? causes[answer->cause]
	    : "an answer that no tape may give";
}

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

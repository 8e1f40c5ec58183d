/* result.c: see result.h. */
#include "splitter/tape/result.h"

bool result_is_bad_block(const struct tape_result *result)
{
	return result->cause == TAPE_MEDIUM_ERROR ||
	    result->cause == TAPE_STORAGE_FAILED;
}

bool result_is_end(const struct tape_result *result)
{
	return result->cause == TAPE_EOD || result->cause == TAPE_BLANK;
}

/*
 * A locked volume has the sense code SECURITY ERROR, or without sense data the
 * cause TAPE_WRITE_PROTECTED.
 */
bool result_is_locked(const struct tape_result *result)
{
	enum { ASC_SECURITY_ERROR = 0x74 };

	return result->cause == TAPE_WRITE_PROTECTED ||
	    (result->sense.valid && result->sense.asc == ASC_SECURITY_ERROR);
}

const char *result_remark_text(uint64_t remark)
{
	switch (remark) {
	case TAPE_REMARK_CLEANING:
		return "the drive asks to be cleaned: use a cleaning cartridge "
		       "soon";
	case TAPE_REMARK_FAILURE:
		return "the drive predicts that it or the cartridge will fail "
		       "soon";
	case TAPE_REMARK_NEARLY_WORN:
		return "the cartridge is nearly worn: the end of its life is "
		       "near; replace it soon";
	case TAPE_REMARK_WORN:
		return "the cartridge is worn: it is at the end of its life; "
		       "copy its data to another volume, and replace it";
	default:
		return NULL;
	}
}

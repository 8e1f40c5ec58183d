/* names.c: the words that reports and messages use. */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "splitter/core/core.h"
#include "splitter/tape/tape.h"

#define NAME(names, i) \
	(assert((size_t)(i) < sizeof(names) / sizeof *(names)), (names)[i])

const char *core_end_name(enum core_end end)
{
	static const char *const names[] = {
		[CORE_END_NONE] = "",
		[CORE_END_EOF] = "EOF",
		[CORE_END_EOP] = "EOP",
		[CORE_END_LEOM] = "LEOM",
		[CORE_END_CUT] = "CUT",
		[CORE_END_FAILED] = "FAILED",
	};
	return NAME(names, end);
}

const char *core_outcome_name(enum core_outcome outcome)
{
	static const char *const names[] = {
		[CORE_OUTCOME_NONE] = "",
		[CORE_OUTCOME_DONE] = "DONE",
		[CORE_OUTCOME_PARTIAL] = "PARTIAL",
		[CORE_OUTCOME_FAILED] = "FAILED",
	};
	return NAME(names, outcome);
}

const char *core_cause_name(enum core_cause cause)
{
	static const char *const names[] = {
		[CORE_OK] = "",
		[CORE_PEOM] = "PEOM",
		[CORE_MEDIUM_ERROR] = "medium_error",
		[CORE_HARDWARE_ERROR] = "drive_error",
		[CORE_POSITION_LOST] = "position_lost",
		[CORE_UNKNOWN] = "unknown_error",
		[CORE_REFUSED] = "refused",
		[CORE_CACHE] = "cache_error",
		[CORE_CANCELLED] = "cancelled",
		[CORE_PRODUCER] = "producer_failed",
		[CORE_NO_VOLUME] = "no_volume",
		[CORE_STORAGE] = "storage_failed",
	};
	return NAME(names, cause);
}

const char *core_close_name(enum core_close close)
{
	static const char *const names[] = {
		[CORE_CLOSE_GOOD] = "good",
		[CORE_CLOSE_FULL] = "full",
		[CORE_CLOSE_SUSPECT] = "suspect",
		[CORE_CLOSE_DRIVE] = "suspect, drive avoided",
		[CORE_CLOSE_REFUSED] = "refused",
	};
	return NAME(names, close);
}

const char *core_kind_name(enum core_kind kind)
{
	static const char *const names[] = {
		[CORE_NOTHING] = "NOTHING",
		[CORE_LOAD] = "LOAD",
		[CORE_LABEL] = "LABEL",
		[CORE_HEADER] = "HEADER",
		[CORE_WRITE] = "WRITE",
		[CORE_FINISH] = "FINISH",
		[CORE_VERIFY] = "VERIFY",
		[CORE_REPORT] = "REPORT",
		[CORE_END_RECORD] = "END_RECORD",
		[CORE_CLOSE] = "CLOSE",
		[CORE_DONE] = "DONE",
	};
	return NAME(names, kind);
}

/* names.c: the names of the steps. */
#include <assert.h>
#include <stddef.h>

#include "splitter/core/core.h"

#define NAME(names, i) \
	(assert((size_t)(i) < sizeof(names) / sizeof *(names)), (names)[i])

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

/* filters.c: the public form of the filters. */
#include <stdio.h>
#include <stdlib.h>

#include "splitter/filter/fault.h"
#include "splitter/filter/filter.h"
#include "splitter/filter/limit.h"
#include "splitter/tape/null.h"
#include "splitter/api/filters.h"
#include "splitter/filter/trace.h"
#include "splitter/base/clock.h"

struct tape_library *splitter_null_library_new(void)
{
	struct null_tape *null = malloc(sizeof *null);

	if (null == NULL)
		return NULL;
	null_tape_init(null);
	return &null->library;
}

void splitter_null_library_free(struct tape_library *library)
{
	if (library != NULL)
		free((char *)library - offsetof(struct null_tape, library));
}

struct tape_library *splitter_fault_library_new(struct tape_library *inner,
    const struct splitter_fault *faults, size_t count)
{
	struct tape_library *library;
	struct fault *list;
	size_t i;

	if (!filter_can_load_from(inner) || (faults == NULL && count > 0) ||
	    count == SIZE_MAX)
		return NULL;
	list = calloc(count + 1, sizeof *list);
	for (i = 0; list != NULL && i < count; i++) {
		if ((unsigned)faults[i].at > SPLITTER_FAULT_LOAD ||
		    faults[i].nth == 0 || faults[i].cause == TAPE_OK ||
		    (unsigned)faults[i].cause > TAPE_STORAGE_FAILED) {
			free(list);
			return NULL;
		}
		list[i] = (struct fault){ .at = faults[i].at,
			.nth = faults[i].nth,
			.cause = faults[i].cause,
			.once = faults[i].once };
	}
	library = list == NULL ? NULL : fault_library_new(inner, list, count);
	free(list);
	return library;
}

void splitter_fault_library_free(struct tape_library *library)
{
	fault_library_free(library);
}

struct tape_library *splitter_limit_library_new(struct tape_library *inner,
    uint64_t capacity_bytes, uint64_t warning_bytes)
{
	const struct limit limit = {
		.capacity_bytes = capacity_bytes,
		.early_warning = warning_bytes != SPLITTER_NO_WARNING,
		.early_warning_bytes = warning_bytes,
	};

	return filter_can_load_from(inner) ? limit_library_new(inner, &limit)
					   : NULL;
}

void splitter_limit_library_free(struct tape_library *library)
{
	limit_library_free(library);
}

struct tape_library *splitter_trace_library_new(struct tape_library *inner,
    void (*line)(void *arg, const char *line), void *arg)
{
	return filter_can_load_from(inner) && line != NULL
	    ? trace_library_new(inner, line, arg, clock_now_ns)
	    : NULL;
}

void splitter_trace_library_free(struct tape_library *library)
{
	trace_library_free(library);
}

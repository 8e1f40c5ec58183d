/* filters.c: tapes and filters for those who embed. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "splitter/filter/fault.h"
#include "splitter/filter/limit.h"
#include "splitter/tape/null.h"
#include "splitter/api/filters.h"
#include "splitter/filter/trace.h"

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
    enum splitter_fault_at at, uint64_t nth, enum tape_cause cause, bool once)
{
	struct fault fault = {
		.at = at, .nth = nth, .cause = cause, .once = once
	};

	if ((unsigned)at > SPLITTER_FAULT_LOAD || nth == 0 || cause == TAPE_OK)
		return NULL;
	return fault_library_new(inner, &fault, 1);
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

	return limit_library_new(inner, &limit);
}

void splitter_limit_library_free(struct tape_library *library)
{
	limit_library_free(library);
}

static int64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

struct tape_library *splitter_trace_library_new(struct tape_library *inner,
    void (*line)(void *arg, const char *line), void *arg)
{
	return trace_library_new(inner, line, arg, clock_ns);
}

void splitter_trace_library_free(struct tape_library *library)
{
	trace_library_free(library);
}

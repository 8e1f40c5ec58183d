/* splitter_tape.c: tapes, filters and headers for those who embed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "splitter/filter/fault.h"
#include "splitter/format/header.h"
#include "splitter/filter/limit.h"
#include "splitter/tape/null.h"
#include "splitter/api/splitter.h"
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
	static const enum fault_at places[] = {
		[SPLITTER_FAULT_BLOCK] = FAULT_BLOCK,
		[SPLITTER_FAULT_HEADER] = FAULT_HEADER,
		[SPLITTER_FAULT_FILEMARK] = FAULT_FILEMARK,
		[SPLITTER_FAULT_LABEL] = FAULT_LABEL,
		[SPLITTER_FAULT_LOAD] = FAULT_LOAD,
	};
	struct fault fault = { .nth = nth, .cause = cause, .once = once };

	if ((unsigned)at > SPLITTER_FAULT_LOAD || nth == 0 || cause == TAPE_OK)
		return NULL;
	fault.at = places[at];
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

int splitter_header_check(const void *block, size_t block_bytes, char *err,
    size_t err_bytes)
{
	struct header header;

	return header_parse(block, block_bytes, &header, err, err_bytes);
}

/* The line at `*at`, which goes behind it; NULL behind the last. */
static const char *next_line(const char **at, const char *end, size_t *bytes)
{
	const char *line = *at, *stop;

	stop = memchr(line, '\n', (size_t)(end - line));
	if (stop == NULL)
		return NULL;
	*bytes = (size_t)(stop - line);
	*at = stop + 1;
	return line;
}

int64_t splitter_header_value(const void *block, size_t block_bytes,
    const char *key, size_t nth, char *value, size_t value_bytes)
{
	const char *at = block, *end, *line;
	size_t bytes, key_bytes = strlen(key);

	end = at + strnlen(at, block_bytes);
	while ((line = next_line(&at, end, &bytes)) != NULL) {
		if (bytes < key_bytes + 2 ||
		    memcmp(line, key, key_bytes) != 0 ||
		    memcmp(line + key_bytes, ": ", 2) != 0 || nth-- > 0)
			continue;
		line += key_bytes + 2;
		bytes -= key_bytes + 2;
		if (value_bytes > 0)
			snprintf(value, value_bytes, "%.*s", (int)bytes, line);
		return (int64_t)bytes;
	}
	return -1;
}

int splitter_scratch_label(const char *barcode, void *block, size_t block_bytes)
{
	struct header h = { .type = HEADER_SCRATCH,
		.block_bytes = block_bytes };

	if (block_bytes < TAPE_BLOCK_MIN_BYTES || !header_name_ok(barcode) ||
	    strlen(barcode) >= sizeof h.volume)
		return -1;
	memcpy(h.volume, barcode, strlen(barcode) + 1);
	header_format(&h, NULL, 0, block, block_bytes);
	return 0;
}

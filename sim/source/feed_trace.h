/*
 * feed_trace.h: a feed that was recorded.
 *
 * A trace is a text file.  Lines that begin with "#" and come first are
 * comments.  Then follow the line "time_ns<TAB>bytes", and rows of two whole
 * numbers, separated by a tab: a time since the beginning, never before that of
 * the row above, and the bytes that came since that row, evenly.  Bytes without
 * a time come at once.
 */
#ifndef SIM_FEED_TRACE_H
#define SIM_FEED_TRACE_H

#include <stddef.h>
#include <stdint.h>

/* At most this number of rows are kept in memory: 64 MiB. */
enum { FEED_TRACE_ROWS_MAX = 4 << 20 };

#define FEED_TRACE_HEADER "time_ns\tbytes"

struct feed_trace_row {
	int64_t time_ns; /* at most LATER_MOST_NS */
	uint64_t bytes;
};

struct feed_trace {
	struct feed_trace_row *rows;
	size_t count;
	uint64_t bytes; /* sum of all rows: above 0, less than 2^63 */
};

/*
 * Reads a trace.  `name` is the path as messages show it.  Returns NULL with
 * the message "name:line: what is wrong; what to do".  A row without bytes and
 * without time is left out.
 */
struct feed_trace *feed_trace_read(const char *path, const char *name,
    char *err, size_t err_bytes);

/* Frees a trace; NULL is allowed. */
void feed_trace_free(struct feed_trace *trace);

#endif

/*
 * trace_file.h: a trace of the operations of tapes, as a file.
 *
 * A row that names the columns, then a line an operation (splitter/filter/trace.h).
 * It grows while the dump is written, line by line: what is there after a
 * crash tells how far it came.
 */
#ifndef SIM_TRACE_FILE_H
#define SIM_TRACE_FILE_H

#include <stddef.h>

struct trace_file;

/*
 * Makes the file, or empties the one that is there, which a person named
 * (sim/base/named_file.h).  `folder`, a temporary
 * one, is left out of the lines; NULL: nothing is.  NULL with a message that
 * names it as `name`.  Path, folder and name are the caller's, and stay.
 */
struct trace_file *trace_file_open(const char *path, const char *name,
    const char *folder, char *err, size_t err_bytes);

/*
 * The same, in a folder of results: one that is there is of an earlier run, and
 * is removed.  A link there is not followed.
 */
struct trace_file *trace_file_new(const char *path, const char *name,
    const char *folder, char *err, size_t err_bytes);

/* A line of the trace, for filters.h.  Errors show at the end. */
void trace_file_line(void *trace_file, const char *line);

/*
 * Ends the file.  Returns 0, or -1 with a message, the first error.  NULL is
 * allowed.
 */
int trace_file_close(struct trace_file *trace, char *err, size_t err_bytes);

#endif

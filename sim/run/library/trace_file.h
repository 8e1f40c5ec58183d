/*
 * trace_file.h: the trace of tape operations (splitter/filter/trace.h) in a
 * file.
 *
 * The first line names the columns; each operation adds a line.  The file grows
 * while the dump is written, so that it shows the last operation before a
 * crash.
 */
#ifndef SIM_TRACE_FILE_H
#define SIM_TRACE_FILE_H

#include <stddef.h>

struct trace_file;

/*
 * Creates the file that a user named, or empties it (sim/base/named_file.h).
 * Removes the temporary `folder` (may be NULL) from the lines.  Returns NULL
 * with a message that calls the file `name`.  The caller keeps path, folder and
 * name.
 */
struct trace_file *trace_file_open(const char *path, const char *name,
    const char *folder, char *err, size_t err_bytes);

/*
 * Creates a trace like trace_file_open(), but in a folder of results: removes
 * the file of an earlier run, and follows no link.
 */
struct trace_file *trace_file_new(const char *path, const char *name,
    const char *folder, char *err, size_t err_bytes);

/*
 * Writes a line; the signature is that of filters.h.  trace_file_close()
 * reports errors.
 */
void trace_file_line(void *trace_file, const char *line);

/*
 * Closes the file.  Returns 0, or -1 with a message about the first error.
 * `trace` may be NULL.
 */
int trace_file_close(struct trace_file *trace, char *err, size_t err_bytes);

#endif

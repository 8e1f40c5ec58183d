/*
 * line.h: the attempts line, "1:5 2:6F | 2:6".
 *
 * Invariants:
 *  1. An attempt is part:bytes, followed by F if it failed, and then by :cause
 *     if that is given.  A bar separates two volumes, and every volume has at
 *     least one attempt.  The barcode of a volume may come before its attempts.
 *  2. Blanks separate attempts; their number does not matter, nor do blanks
 *     around a bar.
 *  3. The empty line (no attempt) is written "none".
 */
#ifndef SIM_METRICS_LINE_H
#define SIM_METRICS_LINE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Returns `text` with single blanks, or "" for "none"; the caller frees it.
 * Returns NULL with a message in `err` if memory is short or the line is not
 * well formed; then `*column` is the byte of the error.
 */
char *metrics_line_parse(const char *text, size_t *column, char *err,
    size_t err_bytes);

/* Returns whether a line names a volume or a cause. */
bool metrics_line_is_detailed(const char *line);

/*
 * Returns whether a line that was found equals the expected one, except for
 * blanks, and for barcodes and causes that the expected line does not name.
 */
bool metrics_line_equal(const char *found, const char *expected);

#endif

/*
 * metrics_line.h: the line of attempts, "1:5 2:6F | 2:6".
 *
 * Invariants:
 *  1. An attempt is part:bytes, with F behind it where it failed; a bar stands
 *     between two volumes, and every volume has at least one attempt.
 *  2. Blanks stand between attempts; how many, and whether around a bar, does
 *     not matter.
 *  3. The empty line (no attempt) is written "none".
 */
#ifndef SIM_METRICS_LINE_H
#define SIM_METRICS_LINE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Returns `text` with one blank between all that it is made of, "" for "none";
 * the caller frees it.  NULL where the line is not well formed, with a message
 * in `err` and in `*column` the byte of `text` where it is wrong, or where
 * there is no memory.
 */
char *metrics_line_parse(const char *text, size_t *column, char *err,
    size_t err_bytes);

/* Whether two lines are the same but for blanks. */
bool metrics_line_equal(const char *a, const char *b);

#endif

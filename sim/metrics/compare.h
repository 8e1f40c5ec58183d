/*
 * compare.h: comparisons of a value with what was expected: "op value".
 *
 * The row of a table (struct metrics_def) says what kind of value it is.  The
 * rows are metrics of a run (metrics.h), or facts about a library.
 *
 * The parsers return 0, or -1 with a message in `err` and the place of the error
 * in `text`, from 0, in `*column`.
 */
#ifndef SIM_METRICS_COMPARE_H
#define SIM_METRICS_COMPARE_H

#include "sim/metrics/metrics.h"

/* Returns whether the values of a row are numbers, which have an order. */
bool compare_is_quantity(const struct metrics_def *def);

/* Returns a defined value of a row that is a quantity, in its unit. */
double compare_quantity(const struct metrics_def *def,
    const struct metrics_value *value);

/* Parses a value.  The caller frees value->text. */
int compare_parse_value(const char *text, const struct metrics_def *def,
    struct metrics_value *value, size_t *column, char *err, size_t err_bytes);

/*
 * Parses "op value", "in value..upper" or "== value +- tolerance", which becomes
 * METRICS_IN; `text` has no blanks at its end.  The caller frees
 * value->text.
 */
int compare_parse(const char *text, const struct metrics_def *def,
    enum metrics_op *op, struct metrics_value *value,
    struct metrics_value *upper, size_t *column, char *err, size_t err_bytes);

/*
 * Returns whether "found op value", for METRICS_IN with the upper bound; false
 * if `found` is undefined.
 */
bool compare_holds(const struct metrics_def *def, enum metrics_op op,
    const struct metrics_value *value, const struct metrics_value *upper,
    const struct metrics_value *found);

/* Writes a value in readable form: "412.3 MB/s". */
void compare_format(const struct metrics_def *def,
    const struct metrics_value *value, char *buf, size_t buf_bytes);

#endif

/*
 * units.h: sizes, rates and times as people read them.
 *
 * Each function writes at most UNITS_BYTES bytes with the end and returns
 * `buf`, so that it can stand among the arguments of a printf.
 */
#ifndef REPORTS_UNITS_H
#define REPORTS_UNITS_H

#include <stdint.h>

#include "reports/results.h"

enum { UNITS_BYTES = 48 };

/* In binary units with four digits or so: "1 GiB", "959.5 MiB", "17 B". */
char *report_units_size(char buf[UNITS_BYTES], uint64_t bytes);

/* The same size to the byte, in groups: "1,073,741,824 B". */
char *report_units_exact(char buf[UNITS_BYTES], uint64_t bytes);

/* In decimal units, as drives are sold: "412.3 MB/s". */
char *report_units_rate(char buf[UNITS_BYTES], double bytes_per_s);

/* "17.3 ms", "12.5 s", "3 min 20 s", "7 h 05 min"; "0 s". */
char *report_units_time(char buf[UNITS_BYTES], double seconds);

/*
 * A metric that is not a text, by its kind and unit; "undefined" where it has
 * no value.
 */
char *report_units_metric(char buf[UNITS_BYTES],
    const struct results_metric *metric);

#endif

/*
 * units.h: sizes, rates, times and percentages as text.
 *
 * The one formatter of quantities, for reports and commands alike.  It
 * includes nothing of the project.  splitter/base/units.h reads what people write.
 *
 * Each function writes at most UNITS_BYTES bytes, the terminating zero
 * included, and returns `buf`, so that it can be an argument of printf().
 */
#ifndef REPORTS_UNITS_H
#define REPORTS_UNITS_H

#include <stdint.h>

enum { UNITS_BYTES = 48 };

/*
 * Rounds a size to four digits, in binary units: "1 GiB", "959.5 MiB", "17 B".
 */
char *units_size(char buf[UNITS_BYTES], uint64_t bytes);

/* The same in decimal units: "18 TB", "959.5 MB", "17 B". */
char *units_size_decimal(char buf[UNITS_BYTES], uint64_t bytes);

/*
 * Writes a size exactly, and as short as possible: "64 MiB", "5 GB", "3250585
 * B". A scenario or an option with this text has the same size.
 */
char *units_size_exact(char buf[UNITS_BYTES], uint64_t bytes);

/* Writes a size exactly, in groups of three digits: "1,073,741,824 B". */
char *units_size_grouped(char buf[UNITS_BYTES], uint64_t bytes);

/* Rounds a rate to four digits, in decimal units: "412.3 MB/s". */
char *units_rate(char buf[UNITS_BYTES], double bytes_per_s);

/*
 * Rounds a time: "17.3 ms", "12.5 s", "3 min 20 s", "7 h 05 min".  A time that
 * is not above 0 is "0 s".
 */
char *units_time(char buf[UNITS_BYTES], double seconds);

/*
 * Writes a time exactly, in the largest unit in which it is whole: "90 s",
 * "1500 us".  An option or a scenario with this text has the same time.
 */
char *units_time_exact(char buf[UNITS_BYTES], int64_t ns);

/* Rounds a percentage to four digits: "99.5 %". */
char *units_percent(char buf[UNITS_BYTES], double percent);

#endif

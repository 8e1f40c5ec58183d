/*
 * units.h: parses sizes, rates, times and percentages.  reports/units.h writes
 * them.
 *
 *  1. A number is digits, or digits "." digits.  A unit follows, with or
 *  without
 *     spaces before it.  Only 0 needs no unit.
 *  2. The units are B, kB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB
 *     (powers of 1024); with "/s" for rates; ns, us, ms, s, min, h for times;
 *     "%" for percentages.  No other spelling is accepted.
 *  3. The arithmetic is exact: "1.5 GiB" is 1610612736.  A value that is not a
 *     whole number of the smallest unit is an error, as is one above 2^63.
 */
#ifndef SPLITTER_UNITS_H
#define SPLITTER_UNITS_H

#include <stddef.h>
#include <stdint.h>

enum units_kind {
	UNITS_SIZE,   /* bytes */
	UNITS_RATE,   /* bytes per second */
	UNITS_TIME,   /* nanoseconds */
	UNITS_PERCENT /* millionths of a percent */
};

enum { UNITS_PERCENT_ONE = 1000000 };

/*
 * Parses `text` into `*value`, in the smallest unit of its kind.  Returns 0; or
 * -1, with a message in `err` that says what is wrong and what to write, and
 * `*value` unchanged.
 */
int units_parse(enum units_kind kind, const char *text, uint64_t *value,
    char *err, size_t err_bytes);

/*
 * Parses one value, which sets both ends, or "A..B" with the unit at the end or
 * at both numbers.  A must not be above B.  Returns like units_parse().
 */
int units_parse_range(enum units_kind kind, const char *text, uint64_t *min,
    uint64_t *max, char *err, size_t err_bytes);

/*
 * Parses a whole number without a unit, from `min` to `max`.  Returns like
 * units_parse().
 */
int units_parse_count(const char *text, uint64_t min, uint64_t max,
    uint64_t *value, char *err, size_t err_bytes);

#endif

/*
 * units.h: sizes, rates, times and percentages as people write them.
 *
 * Invariants:
 *  1. A number is digits, or digits "." digits; a unit follows, after spaces or
 *     none.  Only 0 needs no unit, for it is the same in all of them.
 *  2. Units, and no other spelling of them: B, kB, MB, GB, TB (powers of 1000),
 *     KiB, MiB, GiB, TiB (powers of 1024); rates add "/s"; times ns, us, ms, s,
 *     min, h; percentages "%".
 *  3. The arithmetic is in whole numbers and exact: "1.5 GiB" is 1610612736,
 *     and what does not come out whole is an error, as is more than 2^63.
 */
#ifndef SIM_UNITS_H
#define SIM_UNITS_H

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
 * Parses `text` into `*value`, in the unit of its kind.  Returns 0, or -1 with
 * a message in `err` that says what is wrong and what to write; `*value` is
 * then as it was.
 */
int units_parse(enum units_kind kind, const char *text, uint64_t *value,
    char *err, size_t err_bytes);

/*
 * Parses "A..B", the unit at the end or on both, or a single value, which is
 * both ends.  A must not be above B.  Returns as units_parse.
 */
int units_parse_range(enum units_kind kind, const char *text, uint64_t *min,
    uint64_t *max, char *err, size_t err_bytes);

/*
 * Parses a whole number without a unit, from `min` to `max`.  Returns as
 * units_parse.
 */
int units_parse_count(const char *text, uint64_t min, uint64_t max,
    uint64_t *value, char *err, size_t err_bytes);

#endif

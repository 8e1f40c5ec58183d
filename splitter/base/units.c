/* units.c: see units.h. */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "splitter/base/units.h"
#include "splitter/base/text.h"

enum { TEXT_MAX = 80 }; /* no sensible value is longer */

#define LIMIT ((uint64_t)1 << 63)

/* 10^19 is the largest power of ten in 64 bits; one digit less leaves room. */
enum { DECIMALS_MAX = 18 };

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit size_units[] = {
	{ "B", 1 },
	{ "kB", 1000 },
	{ "MB", 1000000 },
	{ "GB", 1000000000 },
	{ "TB", UINT64_C(1000000000000) },
	{ "KiB", (uint64_t)1 << 10 },
	{ "MiB", (uint64_t)1 << 20 },
	{ "GiB", (uint64_t)1 << 30 },
	{ "TiB", (uint64_t)1 << 40 },
	{ NULL, 0 },
};

static const struct unit rate_units[] = {
	{ "B/s", 1 },
	{ "kB/s", 1000 },
	{ "MB/s", 1000000 },
	{ "GB/s", 1000000000 },
	{ "TB/s", UINT64_C(1000000000000) },
	{ "KiB/s", (uint64_t)1 << 10 },
	{ "MiB/s", (uint64_t)1 << 20 },
	{ "GiB/s", (uint64_t)1 << 30 },
	{ "TiB/s", (uint64_t)1 << 40 },
	{ NULL, 0 },
};

static const struct unit time_units[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "ms", 1000000 },
	{ "s", 1000000000 },
	{ "min", UINT64_C(60000000000) },
	{ "h", UINT64_C(3600000000000) },
	{ NULL, 0 },
};

static const struct unit percent_units[] = {
	{ "%", UNITS_PERCENT_ONE },
	{ NULL, 0 },
};

static const struct kind {
	const char *name;
	const char *example;
	const char *list;
	/* end of "is not ...", for a value that is not whole */
	const char *fraction;
	const struct unit *units;
	uint64_t max;
} kinds[] = {
	[UNITS_SIZE] = { "a size", "64 MiB",
	    "B, kB, MB, GB, TB, KiB, MiB, GiB, TiB", "a whole number of bytes",
	    size_units, LIMIT },
	[UNITS_RATE] = { "a rate", "300 MB/s",
	    "B/s, kB/s, MB/s, GB/s, TB/s, KiB/s, MiB/s, GiB/s, TiB/s",
	    "a whole number of bytes per second", rate_units, LIMIT },
	[UNITS_TIME] = { "a time", "3 s", "ns, us, ms, s, min, h",
	    "a whole number of nanoseconds", time_units, LIMIT - 1 },
	[UNITS_PERCENT] = { "a percentage", "90 %", "%",
	    "a percentage of at most six decimals", percent_units, LIMIT },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* Wrong spellings that people use, and the right ones. */
static const struct alias {
	enum units_kind kind;
	const char *wrong;
	const char *right;
} aliases[] = {
	{ UNITS_SIZE, "k", "kB or KiB" },
	{ UNITS_SIZE, "m", "MB or MiB" },
	{ UNITS_SIZE, "g", "GB or GiB" },
	{ UNITS_SIZE, "t", "TB or TiB" },
	{ UNITS_SIZE, "ki", "KiB" },
	{ UNITS_SIZE, "mi", "MiB" },
	{ UNITS_SIZE, "gi", "GiB" },
	{ UNITS_SIZE, "ti", "TiB" },
	{ UNITS_SIZE, "byte", "B" },
	{ UNITS_SIZE, "bytes", "B" },
	{ UNITS_TIME, "sec", "s" },
	{ UNITS_TIME, "second", "s" },
	{ UNITS_TIME, "seconds", "s" },
	{ UNITS_TIME, "m", "min" },
	{ UNITS_TIME, "minute", "min" },
	{ UNITS_TIME, "minutes", "min" },
	{ UNITS_TIME, "hr", "h" },
	{ UNITS_TIME, "hour", "h" },
	{ UNITS_TIME, "hours", "h" },
	{ UNITS_TIME, "msec", "ms" },
	{ UNITS_TIME, "usec", "us" },
	{ UNITS_PERCENT, "percent", "%" },
};

enum { ALIASES = sizeof(aliases) / sizeof(aliases[0]) };

/* A number as it is written: whole + decimals / scale. */
struct number {
	uint64_t whole;
	uint64_t decimals;
	uint64_t scale;
	const struct unit *unit; /* NULL: the unit is missing */
};

struct error {
	char *buf;
	size_t bytes;
};

static int __attribute__((format(printf, 2, 3)))
fail(const struct error *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(err->buf, err->bytes, format, args);
	va_end(args);
	return -1;
}

static int fail_form(enum units_kind kind, const char *text,
    const struct error *err)
{
	struct text_quote quote;

	return fail(err, "%s is not %s; write a number and a unit, such as %s",
	    text_quote(&quote, text), kinds[kind].name, kinds[kind].example);
}

static int fail_large(enum units_kind kind, const char *text,
    const struct error *err)
{
	struct text_quote quote;

	return fail(err, "%s is too large; %s is %s", text_quote(&quote, text),
	    kinds[kind].name,
	    kind == UNITS_TIME ? "less than 2^63 ns" : "at most 2^63");
}

static const struct unit *unit_find(enum units_kind kind, const char *name,
    bool any_case)
{
	const struct unit *unit = kinds[kind].units;

	for (; unit->name != NULL; unit++) {
		if (strcmp(unit->name, name) == 0)
			return unit;
		if (any_case && strcasecmp(unit->name, name) == 0)
			return unit;
	}
	return NULL;
}

/* Returns the unit meant by "MBps", "MB/sec" or "MB/second": "MB/s". */
static const struct unit *rate_unit_guess(const char *name)
{
	static const char *const ends[] = { "ps", "/sec", "/second", "/S" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t length = strlen(name), end = strlen(ends[i]);
		char guess[TEXT_MAX + 8];

		if (length <= end || length > TEXT_MAX ||
		    strcasecmp(name + length - end, ends[i]) != 0)
			continue;
		snprintf(guess, sizeof(guess), "%.*s/s", (int)(length - end),
		    name);
		if (unit_find(UNITS_RATE, guess, true) != NULL)
			return unit_find(UNITS_RATE, guess, true);
	}
	return NULL;
}

static int fail_unit(enum units_kind kind, const char *name,
    const struct error *err)
{
	const struct unit *guess = unit_find(kind, name, true);
	struct text_quote quote;

	text_quote(&quote, name);
	if (guess == NULL && kind == UNITS_RATE)
		guess = rate_unit_guess(name);
	if (guess != NULL)
		return fail(err, "no unit %s; did you mean %s?", quote.text,
		    guess->name);
	if (kind == UNITS_RATE && unit_find(UNITS_SIZE, name, true) != NULL)
		return fail(err, "a rate needs \"/s\" in its unit: %s/s",
		    unit_find(UNITS_SIZE, name, true)->name);
	for (size_t i = 0; i < KINDS; i++)
		if (unit_find((enum units_kind)i, name, false) != NULL)
			return fail(err,
			    "%s is the unit of %s; this must be %s, such "
			    "as %s",
			    quote.text, kinds[i].name, kinds[kind].name,
			    kinds[kind].example);
	for (size_t i = 0; i < ALIASES; i++)
		if (aliases[i].kind == kind &&
		    strcasecmp(aliases[i].wrong, name) == 0)
			return fail(err, "no unit %s; did you mean %s?",
			    quote.text, aliases[i].right);
	return fail(err, "no unit %s; %s takes one of %s", quote.text,
	    kinds[kind].name, kinds[kind].list);
}

/*
 * Copies `text` without the spaces around it.  Returns false if it is too long.
 */
static bool trimmed(const char *text, size_t length, char copy[TEXT_MAX + 1])
{
	while (length > 0 && *text == ' ') {
		text++;
		length--;
	}
	while (length > 0 && text[length - 1] == ' ')
		length--;
	if (length > TEXT_MAX)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return true;
}

/* Adds a digit.  Returns false if the number then has more than 64 bits. */
static bool digit_add(uint64_t *number, char digit)
{
	uint64_t value = (uint64_t)(digit - '0');

	if (*number > (UINT64_MAX - value) / 10)
		return false;
	*number = *number * 10 + value;
	return true;
}

/* Reads the digits after the point.  Returns the first byte after them. */
static const char *decimals_scan(const char *at, struct number *number)
{
	size_t length = strspn(at, "0123456789");
	size_t counts = length;

	while (counts > 0 && at[counts - 1] == '0')
		counts--;
	if (counts > DECIMALS_MAX)
		return NULL;
	for (size_t i = 0; i < counts; i++) {
		digit_add(&number->decimals, at[i]);
		number->scale *= 10;
	}
	return at + length;
}

/* Reads "number unit" from a trimmed text; the unit may be missing. */
static int number_scan(enum units_kind kind, const char *text,
    struct number *number, const struct error *err)
{
	const char *at = text;

	*number = (struct number){ .scale = 1 };
	if (*at == '\0')
		return fail(err, "%s is missing here; write one such as %s",
		    kinds[kind].name, kinds[kind].example);
	if (*at == '-' && isdigit((unsigned char)at[1]))
		return fail(err, "%s cannot be negative", kinds[kind].name);
	if (!isdigit((unsigned char)*at))
		return fail_form(kind, text, err);
	for (; isdigit((unsigned char)*at); at++)
		if (!digit_add(&number->whole, *at))
			return fail_large(kind, text, err);
	if (*at == ',' && isdigit((unsigned char)at[1]))
		return fail(err,
		    "write the fraction with a point, such as 1.5, and no "
		    "commas");
	if (*at == '.') {
		if (!isdigit((unsigned char)at[1]))
			return fail_form(kind, text, err);
		at = decimals_scan(at + 1, number);
		if (at == NULL)
			return fail(err, "a number has at most %d decimals",
			    DECIMALS_MAX);
	}
	while (*at == ' ')
		at++;
	if (*at == '\0')
		return 0;
	if (!isalpha((unsigned char)*at) && *at != '%' && *at != '/')
		return fail_form(kind, text, err);
	number->unit = unit_find(kind, at, false);
	return number->unit != NULL ? 0 : fail_unit(kind, at, err);
}

/*
 * Converts the number to the smallest unit of its kind; `text` is for messages.
 */
static int number_value(enum units_kind kind, const char *text,
    const struct number *number, uint64_t *value, const struct error *err)
{
	unsigned __int128 whole, part;
	struct text_quote quote;

	if (number->unit == NULL) {
		if (number->whole == 0 && number->decimals == 0) {
			*value = 0;
			return 0;
		}
		return fail(err, "%s needs a unit, such as %s%s%s",
		    kinds[kind].name, kinds[kind].example,
		    kind == UNITS_PERCENT ? "" : "; there are ",
		    kind == UNITS_PERCENT ? "" : kinds[kind].list);
	}
	whole = (unsigned __int128)number->whole * number->unit->factor;
	part = (unsigned __int128)number->decimals * number->unit->factor;
	if (part % number->scale != 0)
		return fail(err, "%s is not %s", text_quote(&quote, text),
		    kinds[kind].fraction);
	whole += part / number->scale;
	if (whole > kinds[kind].max)
		return fail_large(kind, text, err);
	*value = (uint64_t)whole;
	return 0;
}

int units_parse(enum units_kind kind, const char *text, uint64_t *value,
    char *err_buf, size_t err_bytes)
{
	const struct error err = { err_buf, err_bytes };
	char copy[TEXT_MAX + 1];
	struct number number;

	if (!trimmed(text, strlen(text), copy))
		return fail_form(kind, text, &err);
	if (number_scan(kind, copy, &number, &err) != 0)
		return -1;
	return number_value(kind, copy, &number, value, &err);
}

int units_parse_range(enum units_kind kind, const char *text, uint64_t *min,
    uint64_t *max, char *err_buf, size_t err_bytes)
{
	const struct error err = { err_buf, err_bytes };
	const char *dots = strstr(text, "..");
	char low_text[TEXT_MAX + 1], high_text[TEXT_MAX + 1];
	struct number low, high;
	uint64_t low_value, high_value;

	if (dots == NULL) {
		if (units_parse(kind, text, min, err_buf, err_bytes) != 0)
			return -1;
		*max = *min;
		return 0;
	}
	if (!trimmed(text, (size_t)(dots - text), low_text) ||
	    !trimmed(dots + 2, strlen(dots + 2), high_text))
		return fail_form(kind, text, &err);
	if (number_scan(kind, low_text, &low, &err) != 0 ||
	    number_scan(kind, high_text, &high, &err) != 0)
		return -1;
	if (low.unit == NULL)
		low.unit = high.unit;
	if (number_value(kind, high_text, &high, &high_value, &err) != 0 ||
	    number_value(kind, low_text, &low, &low_value, &err) != 0)
		return -1;
	if (low_value > high_value)
		return fail(&err,
		    "the range begins above its end; write the smaller "
		    "value first");
	*min = low_value;
	*max = high_value;
	return 0;
}

int units_parse_count(const char *text, uint64_t min, uint64_t max,
    uint64_t *value, char *err_buf, size_t err_bytes)
{
	const struct error err = { err_buf, err_bytes };
	struct text_quote quote;
	uint64_t number = 0;
	bool fits = true;
	const char *at = text;

	for (; isdigit((unsigned char)*at); at++)
		fits = fits && digit_add(&number, *at);
	if (*at != '\0' || at == text)
		return fail(&err, "%s is not a whole number without a unit",
		    text_quote(&quote, text));
	if (fits && number >= min && number <= max) {
		*value = number;
		return 0;
	}
	return fail(&err, "%s is out of range; it is from %llu to %llu",
	    text_quote(&quote, text), (unsigned long long)min,
	    (unsigned long long)max);
}

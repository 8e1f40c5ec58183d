/* units.c: sizes, rates, times and percentages as text. */
#include "reports/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/*
 * Writes `value` with four digits (five from 1000 on), in the first unit in
 * which it is below `limit`.  The limit is a little less than `step`, so a
 * value that would be rounded up to `step` is written as 1 of the next unit.
 */
static char *scaled(char buf[UNITS_BYTES], double value, double step,
    double limit, const char *const units[])
{
	size_t unit = 0;

	while (value >= limit && units[unit + 1] != NULL) {
		value /= step;
		unit++;
	}
	snprintf(buf, UNITS_BYTES, "%.*g %s", value < 1000 ? 4 : 5, value,
	    units[unit]);
	return buf;
}

char *units_size(char buf[UNITS_BYTES], uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB",
		"PiB", "EiB", NULL };

	return scaled(buf, (double)bytes, 1024, 1023.95, units);
}

char *units_size_decimal(char buf[UNITS_BYTES], uint64_t bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB",
		"EB", NULL };

	return scaled(buf, (double)bytes, 1000, 999.95, units);
}

char *units_rate(char buf[UNITS_BYTES], double bytes_per_s)
{
	static const char *const units[] = { "B/s", "kB/s", "MB/s", "GB/s",
		"TB/s", "PB/s", NULL };

	return scaled(buf, bytes_per_s, 1000, 999.95, units);
}

char *units_size_exact(char buf[UNITS_BYTES], uint64_t bytes)
{
	static const struct {
		uint64_t factor;
		const char *unit;
	} units[] = {
		{ (uint64_t)1 << 40, "TiB" },
		{ (uint64_t)1 << 30, "GiB" },
		{ (uint64_t)1 << 20, "MiB" },
		{ (uint64_t)1 << 10, "KiB" },
		{ UINT64_C(1000000000000), "TB" },
		{ 1000000000, "GB" },
		{ 1000000, "MB" },
		{ 1000, "kB" },
		{ 1, "B" },
	};
	char text[UNITS_BYTES];
	size_t i;

	snprintf(buf, UNITS_BYTES, "%" PRIu64 " B", bytes);
	for (i = 0; bytes > 0 && i < sizeof units / sizeof *units; i++) {
		if (bytes % units[i].factor != 0)
			continue;
		snprintf(text, sizeof text, "%" PRIu64 " %s",
		    bytes / units[i].factor, units[i].unit);
		if (strlen(text) < strlen(buf))
			strcpy(buf, text);
	}
	return buf;
}

char *units_size_grouped(char buf[UNITS_BYTES], uint64_t bytes)
{
	char digits[UNITS_BYTES];
	int count = snprintf(digits, sizeof(digits), "%" PRIu64, bytes);
	char *at = buf;

	for (int i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0)
			*at++ = ',';
		*at++ = digits[i];
	}
	memcpy(at, " B", 3);
	return buf;
}

char *units_time(char buf[UNITS_BYTES], double seconds)
{
	static const char *const units[] = { "ns", "us", "ms", "s", NULL };
	double whole = floor(seconds + 0.5);

	if (seconds <= 0)
		snprintf(buf, UNITS_BYTES, "0 s");
	else if (whole < 120)
		return scaled(buf, seconds * 1e9, 1000, 999.95, units);
	else if (whole < 7200)
		snprintf(buf, UNITS_BYTES, "%.0f min %02.0f s",
		    floor(whole / 60), fmod(whole, 60));
	else
		snprintf(buf, UNITS_BYTES, "%.0f h %02.0f min",
		    floor(whole / 3600), floor(fmod(whole, 3600) / 60));
	return buf;
}

char *units_time_exact(char buf[UNITS_BYTES], int64_t ns)
{
	static const struct {
		int64_t ns;
		const char *unit;
	} units[] = {
		{ INT64_C(3600000000000), "h" },
		{ INT64_C(60000000000), "min" },
		{ 1000000000, "s" },
		{ 1000000, "ms" },
		{ 1000, "us" },
		{ 1, "ns" },
	};
	size_t i = 0;

	while (ns % units[i].ns != 0)
		i++;
	snprintf(buf, UNITS_BYTES, "%" PRId64 " %s", ns / units[i].ns,
	    units[i].unit);
	return buf;
}

char *units_percent(char buf[UNITS_BYTES], double percent)
{
	snprintf(buf, UNITS_BYTES, "%.4g %%", percent);
	return buf;
}

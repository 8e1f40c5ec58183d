/* units.c: sizes, rates and times as people read them. */
#include "reports/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/*
 * `value` with four digits (five from 1000 on), in the first unit in which it
 * is below `limit`: what would be rounded up to a whole unit is said in that.
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

char *report_units_size(char buf[UNITS_BYTES], uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB",
		"PiB", "EiB", NULL };

	return scaled(buf, (double)bytes, 1024, 1023.95, units);
}

char *report_units_rate(char buf[UNITS_BYTES], double bytes_per_s)
{
	static const char *const units[] = { "B/s", "kB/s", "MB/s", "GB/s",
		"TB/s", "PB/s", NULL };

	return scaled(buf, bytes_per_s, 1000, 999.95, units);
}

char *report_units_exact(char buf[UNITS_BYTES], uint64_t bytes)
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

char *report_units_time(char buf[UNITS_BYTES], double seconds)
{
	static const char *const units[] = { "ns", "\xc2\xb5s", "ms", "s",
		NULL };
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

char *report_units_metric(char buf[UNITS_BYTES],
    const struct results_metric *metric)
{
	switch (metric->kind) {
	case RESULTS_NUMBER:
		if (strcmp(metric->unit, "B") == 0)
			return report_units_size(buf, metric->number);
		snprintf(buf, UNITS_BYTES, "%" PRIu64 "%s%.20s", metric->number,
		    *metric->unit != '\0' ? " " : "", metric->unit);
		break;
	case RESULTS_REAL:
		if (!isfinite(metric->real))
			snprintf(buf, UNITS_BYTES, "undefined");
		else if (strcmp(metric->unit, "B/s") == 0)
			return report_units_rate(buf, metric->real);
		else if (strcmp(metric->unit, "s") == 0)
			return report_units_time(buf, metric->real);
		else
			snprintf(buf, UNITS_BYTES, "%.4g%s%.20s", metric->real,
			    *metric->unit != '\0' ? " " : "", metric->unit);
		break;
	default:
		snprintf(buf, UNITS_BYTES, "undefined");
	}
	return buf;
}

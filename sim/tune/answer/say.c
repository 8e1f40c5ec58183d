/* say.c: see say.h. */
#include "sim/tune/answer/say.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS = 3 };

/* A difference below this share counts as "the same", whatever the spread. */
#define NOTHING 0.001

/* Returns the least 1, 2 or 5 times a power of ten that is not below `x`. */
static double step_of(double x)
{
	double power = pow(10, floor(log10(x)));
	/* A quotient may be a little above the whole number that it is. */
	double times = x / power - 1e-9;

	return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

char *tune_say_number(char buf[TUNE_SAY_BYTES], double value, double spread)
{
	double size = fabs(value), step;
	int decimals;

	if (!isfinite(value)) {
		snprintf(buf, TUNE_SAY_BYTES, "unknown");
		return buf;
	}
	if (size < 1e-9)
		size = 1;
	step = pow(10, floor(log10(size)) - DIGITS + 1);
	if (spread > step)
		step = step_of(spread);
	value = round(value / step) * step;
	decimals = (int)-floor(log10(step) + 1e-9);
	snprintf(buf, TUNE_SAY_BYTES, "%.*f", decimals > 0 ? decimals : 0,
	    value);
	/* "-0" is 0. */
	if (strspn(buf, "-0.") == strlen(buf))
		snprintf(buf, TUNE_SAY_BYTES, "0");
	return buf;
}

char *tune_say_rate(char buf[TUNE_SAY_BYTES], double bytes_per_s, double spread)
{
	tune_say_number(buf, bytes_per_s / 1e6, spread / 1e6);
	if (isfinite(bytes_per_s))
		strcat(buf, " MB/s");
	return buf;
}

char *tune_say_share(char buf[TUNE_SAY_BYTES], double share)
{
	bool is_whole =
	    share >= 0.0995 || fabs(100 * share - round(100 * share)) < 0.05;

	if (!isfinite(share))
		snprintf(buf, TUNE_SAY_BYTES, "unknown");
	else if (share > 0 && share < 0.001)
		snprintf(buf, TUNE_SAY_BYTES, "less than 0.1 %%");
	else
		snprintf(buf, TUNE_SAY_BYTES, "%.*f %%", is_whole ? 0 : 1,
		    100 * share);
	return buf;
}

char *tune_say_change(char buf[TUNE_SAY_BYTES], const struct tune_range *from,
    const struct tune_range *to, double spread)
{
	char number[TUNE_SAY_BYTES];
	double share = (to->mean - from->mean) / from->mean;

	if (!(fabs(share) > fmax(3 * spread, NOTHING)) || !isfinite(share)) {
		snprintf(buf, TUNE_SAY_BYTES, "the same");
		return buf;
	}
	tune_say_share(number, fabs(share));
	snprintf(buf, TUNE_SAY_BYTES, "%.100s %s", number,
	    share > 0 ? "more" : "less");
	return buf;
}

char *tune_say_settings(char buf[TUNE_SAY_BYTES],
    const struct tune_sweep *sweep, const struct tune_settings *settings)
{
	char value[TUNE_TEXT_BYTES];
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < TUNE_AXES && used < TUNE_SAY_BYTES; i++)
		if (sweep->values[i].count > 0)
			used +=
			    (size_t)snprintf(buf + used, TUNE_SAY_BYTES - used,
				"%s%s %s", used > 0 ? ", " : "",
				tune_axis_name((enum tune_axis)i),
				tune_axis_text((enum tune_axis)i,
				    settings->value[i], value));
	return buf;
}

/* pace.c: parses how long virtual drives take, in real time. */
#include "sim/base/pace.h"

#include <ctype.h>
#include <stdio.h>

enum { ONE = 1000000, MOST = 1000, DIGITS_MAX = 12, PERMILLE = 1000 };

/*
 * Parses a number with at most six decimals.  Returns it in millionths, or -1 if
 * the text is not such a number.
 */
static int64_t millionths_of(const char *text)
{
	int64_t value = 0, unit = ONE;
	const char *c = text;

	for (; isdigit((unsigned char)*c) && c - text < DIGITS_MAX; c++)
		value = value * 10 + (*c - '0') * ONE;
	if (c == text)
		return -1;
	if (*c == '.' && isdigit((unsigned char)c[1]))
		for (c++; isdigit((unsigned char)*c) && unit > 1; c++)
			value += (*c - '0') * (unit /= 10);
	return *c == '\0' ? value : -1;
}

uint32_t pace_parse(const char *text, char *err, size_t err_bytes)
{
	int64_t time = text == NULL ? ONE : millionths_of(text);

	if (time >= 1 && time <= (int64_t)MOST * ONE)
		return (uint32_t)(((int64_t)ONE * PERMILLE + time / 2) / time);
	snprintf(err, err_bytes,
	    "\"%.40s\" is not a factor: write a number from 0.000001 to %d, with "
	    "at most six decimals: 0.01 makes each time a hundredth",
	    text, MOST);
	return 0;
}

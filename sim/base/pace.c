/* pace.c: parses how fast virtual drives are, in real time. */
#include "sim/base/pace.h"

#include <ctype.h>
#include <stdio.h>

enum { ONE = 1000, MOST = 1000000, DIGITS_MAX = 12 };

/*
 * Parses a number with at most three decimals.  Returns it in permille, or -1
 * if the text is not such a number.
 */
static int64_t permille_of(const char *text)
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
	int64_t permille = text == NULL ? ONE : permille_of(text);

	if (permille >= 1 && permille <= (int64_t)MOST * ONE)
		return (uint32_t)permille;
	snprintf(err, err_bytes,
	    "\"%.40s\" is not a factor: write a number from 0.001 to %d, with at "
	    "most three decimals, such as 10 or 0.5",
	    text, MOST);
	return 0;
}

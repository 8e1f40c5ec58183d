/* spelling.c: see spelling.h. */
#include "vtl/base/spelling.h"

#include <string.h>

enum { NAME_BYTES = 64 };

/*
 * Returns a letter in lower case, or a digit; 0 for any other character.  Does
 * not depend on the locale.
 */
static char reduced(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '\0';
}

bool spelling_reduce(const char *text, char *out, size_t bytes)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		char c = *text;

		if (strchr(" -_./", c) != NULL)
			continue;
		c = reduced(c);
		if (c == '\0' || n + 1 >= bytes)
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return n > 0;
}

bool spelling_same(const char *a, const char *b)
{
	char x[NAME_BYTES], y[NAME_BYTES];

	return spelling_reduce(a, x, sizeof x) &&
	    spelling_reduce(b, y, sizeof y) && strcmp(x, y) == 0;
}

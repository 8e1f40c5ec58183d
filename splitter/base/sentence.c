/* sentence.c: see sentence.h. */
#include "splitter/base/sentence.h"

#include "splitter/base/utf8.h"

#include <stdio.h>
#include <string.h>

static const char more[] = "...";

void sentence_v(char *buf, size_t bytes, const char *format, va_list ap)
{
	size_t end, word;

	if (vsnprintf(buf, bytes, format, ap) < (int)bytes ||
	    bytes < sizeof more)
		return;
	end = bytes - sizeof more;
	/* If the last word takes more than half of the room, cut within it. */
	for (word = end; word > end / 2 && buf[word - 1] != ' '; word--)
		;
	if (word > end / 2)
		end = word;
	else /* do not cut within a character of several bytes */
		while (end > 0 && utf8_continues(buf[end]))
			end--;
	memcpy(buf + end, more, sizeof more);
}

void sentence(char *buf, size_t bytes, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	sentence_v(buf, bytes, format, ap);
	va_end(ap);
}

void sentence_add(char *buf, size_t bytes, const char *separator,
    const char *format, ...)
{
	size_t used = strlen(buf);
	va_list ap;

	if (used > 0 && used + strlen(separator) < bytes) {
		strcpy(buf + used, separator);
		used += strlen(separator);
	}
	va_start(ap, format);
	sentence_v(buf + used, bytes - used, format, ap);
	va_end(ap);
}

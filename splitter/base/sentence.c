/* sentence.c: a message that is cut behind a word, if at all. */
#include "splitter/base/sentence.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char more[] = "...";

void sentence_v(char *buf, size_t bytes, const char *format, va_list ap)
{
	size_t end = bytes - sizeof more, word;

	assert(bytes >= sizeof more);
	if (vsnprintf(buf, bytes, format, ap) < (int)bytes)
		return;
	/* A word that takes more than half of the room is no word. */
	for (word = end; word > end / 2 && buf[word - 1] != ' '; word--)
		;
	if (word > end / 2)
		end = word;
	else /* but a character stays whole: UTF-8 goes on with 10xxxxxx */
		while (end > 0 && ((unsigned char)buf[end] & 0xc0) == 0x80)
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

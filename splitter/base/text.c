/* text.c: see text.h. */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/text.h"
#include "splitter/base/utf8.h"

enum {
	QUOTE_CUT = 60, /* a longer text is cut to this many bytes */
	WORD_MAX = 40   /* all known words are shorter */
};

const char *text_quote(struct text_quote *quote, const char *text)
{
	size_t length = strlen(text);
	size_t shown = length;
	char *out = quote->text;
	char *end = quote->text + sizeof(quote->text) - 8;

	if (length > QUOTE_CUT) {
		shown = QUOTE_CUT;
		while (shown > 0 && utf8_continues(text[shown]))
			shown--;
	}
	*out++ = '"';
	for (size_t i = 0; i < shown; i++) {
		unsigned char c = (unsigned char)text[i];

		if (out >= end) {
			shown = i;
			break;
		}
		if (c < 0x20 || c == 0x7f) {
			out += snprintf(out, 5, "\\x%02x", c);
		} else {
			if (c == '"' || c == '\\')
				*out++ = '\\';
			*out++ = (char)c;
		}
	}
	snprintf(out, 5, "%s\"", shown < length ? "..." : "");
	return quote->text;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Returns the number of edits from one word to the other: insert, delete,
 * replace, or swap two neighbours.  Keeps three rows of the table.
 */
static unsigned distance(const char *a, const char *b)
{
	unsigned rows[3][WORD_MAX + 1];
	size_t a_length = strlen(a), b_length = strlen(b);

	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *up = rows[(i + 2) % 3];
		const unsigned *up2 = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_length; j++) {
			int x = tolower((unsigned char)a[i - 1]);
			int y = tolower((unsigned char)b[j - 1]);

			row[j] = least(up[j], row[j - 1]) + 1;
			row[j] = least(row[j], up[j - 1] + (x != y));
			if (i > 1 && j > 1 &&
			    x == tolower((unsigned char)b[j - 2]) &&
			    y == tolower((unsigned char)a[i - 2]))
				row[j] = least(row[j], up2[j - 2] + (x != y));
		}
	}
	return rows[a_length % 3][b_length];
}

const char *text_nearest(const char *text, const char *const *words)
{
	const char *best = NULL;
	unsigned best_distance = 0;
	size_t length = strlen(text);

	if (length > WORD_MAX)
		return NULL;
	for (; *words != NULL; words++) {
		size_t longer = strlen(*words);
		unsigned d;

		if (longer > WORD_MAX)
			continue;
		if (longer < length)
			longer = length;
		d = distance(text, *words);
		if (d > (longer + 2) / 3 || d >= longer)
			continue;
		if (best == NULL || d < best_distance) {
			best = *words;
			best_distance = d;
		}
	}
	return best;
}

void text_suggest(char *buf, size_t buf_bytes, const char *text,
    const char *const *words)
{
	const char *near = text_nearest(text, words);
	size_t used = strlen(buf);

	if (near != NULL) {
		snprintf(buf + used, buf_bytes - used, "; did you mean \"%s\"?",
		    near);
		return;
	}
	for (size_t i = 0; words[i] != NULL; i++) {
		const char *before = i == 0 ? "; use one of " : ", ";

		if (i == 0 && words[1] == NULL)
			before = "; use ";
		snprintf(buf + used, buf_bytes - used, "%s%s", before,
		    words[i]);
		used = strlen(buf);
	}
}

void text_without(const char *message, const char *folder, char *buf,
    size_t buf_bytes)
{
	const char *at = strstr(message, folder);
	const char *rest = message;
	int length = 0;

	if (at != NULL) {
		length = (int)(at - message);
		rest = at + strlen(folder);
		rest += *rest == '/';
	}
	snprintf(buf, buf_bytes, "%.*s%s", length, message, rest);
}

/* text.c: escapes text of users for each format. */
#include "reports/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/*
 * Returns the number of bytes of the character at `s`.  Returns 0 if it is not
 * valid UTF-8 (RFC 3629), or is U+FFFE or U+FFFF, which XML cannot express.
 */
static size_t character_bytes(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	uint32_t code, least;
	size_t count;

	if (u[0] < 0x80)
		return 1;
	if (u[0] >= 0xc2 && u[0] < 0xe0)
		code = u[0] & 0x1fu, count = 2, least = 0x80;
	else if (u[0] >= 0xe0 && u[0] < 0xf0)
		code = u[0] & 0x0fu, count = 3, least = 0x800;
	else if (u[0] >= 0xf0 && u[0] < 0xf5)
		code = u[0] & 0x07u, count = 4, least = 0x10000;
	else
		return 0;
	for (size_t i = 1; i < count; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (u[i] & 0x3fu);
	}
	if (code < least || code > 0x10ffff || code == 0xfffe ||
	    code == 0xffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return count;
}

/* Returns how a format writes an ASCII character; NULL: unchanged. */
typedef const char *replace_fn(char c);

static void escape(FILE *out, const char *text, replace_fn *replace,
    size_t chars_max)
{
	size_t chars = 0, count;

	if (text == NULL)
		return;
	for (; *text != '\0'; text += count == 0 ? 1 : count) {
		const char *instead = NULL;

		if (chars_max > 0 && ++chars > chars_max) {
			fputs("\xe2\x80\xa6", out); /* U+2026, an ellipsis */
			return;
		}
		count = character_bytes(text);
		if (count == 0)
			instead = REPLACEMENT;
		else if (count == 1)
			instead = replace(*text);
		if (instead != NULL)
			fputs(instead, out);
		else
			fwrite(text, 1, count, out);
	}
}

static const char *replace_none(char c)
{
	(void)c;
	return NULL;
}

static const char *replace_control(char c)
{
	if (c == '\t' || c == '\n' || c == '\r')
		return " ";
	return (unsigned char)c < 0x20 || c == 0x7f ? REPLACEMENT : NULL;
}

static const char *replace_html(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return replace_control(c);
	}
}

static const char *replace_markdown(char c)
{
	switch (c) {
	case '\\':
		return "\\\\";
	case '`':
		return "\\`";
	case '*':
		return "\\*";
	case '_':
		return "\\_";
	case '[':
		return "\\[";
	case ']':
		return "\\]";
	case '<':
		return "\\<";
	case '>':
		return "\\>";
	case '|':
		return "\\|";
	case '~':
		return "\\~";
	case '&':
		return "\\&";
	case '#':
		return "\\#";
	case '$':
		return "\\$";
	case '@':
		return "\\@";
	default:
		return replace_control(c);
	}
}

static const char *replace_tsv(char c)
{
	switch (c) {
	case '\t':
		return "\\t";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\\':
		return "\\\\";
	default:
		return replace_control(c);
	}
}

static const char *replace_tap(char c)
{
	switch (c) {
	case '#':
		return "\\#";
	case '\\':
		return "\\\\";
	default:
		return replace_control(c);
	}
}

static const char *replace_json(char c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\n':
		return "\\n";
	case '\\':
		return "\\\\";
	default:
		return replace_control(c);
	}
}

static const char *replace_command(char c)
{
	switch (c) {
	case '%':
		return "%25";
	case '\r':
		return "%0D";
	case '\n':
		return "%0A";
	default:
		return replace_control(c);
	}
}

static const char *replace_property(char c)
{
	switch (c) {
	case ':':
		return "%3A";
	case ',':
		return "%2C";
	default:
		return replace_command(c);
	}
}

static const char *replace_gnuplot(char c)
{
	return c == '\'' ? "''" : replace_control(c);
}

void report_text_html(FILE *out, const char *text)
{
	escape(out, text, replace_html, 0);
}

void report_text_markdown(FILE *out, const char *text)
{
	escape(out, text, replace_markdown, 0);
}

void report_text_markdown_code(FILE *out, const char *text)
{
	/* Markdown has no escapes in a code span. */
	if (text == NULL || text[strspn(text, " ")] == '\0' ||
	    strpbrk(text, "`|\\") != NULL) {
		report_text_markdown(out, text);
		return;
	}
	fputc('`', out);
	escape(out, text, replace_control, 0);
	fputc('`', out);
}

void report_text_tsv(FILE *out, const char *text)
{
	escape(out, text, replace_tsv, 0);
}

void report_text_tap(FILE *out, const char *text)
{
	escape(out, text, replace_tap, 0);
}

void report_text_json(FILE *out, const char *text)
{
	fputc('"', out);
	escape(out, text, replace_json, 0);
	fputc('"', out);
}

void report_text_command(FILE *out, const char *text)
{
	escape(out, text, replace_command, 0);
}

void report_text_property(FILE *out, const char *text)
{
	escape(out, text, replace_property, 0);
}

void report_text_gnuplot(FILE *out, const char *text, size_t chars_max)
{
	fputc('\'', out);
	escape(out, text, replace_gnuplot, chars_max);
	fputc('\'', out);
}

void report_text_url(FILE *out, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/";

	for (; *path != '\0'; path++) {
		if (strchr(plain, *path) != NULL)
			fputc(*path, out);
		else
			fprintf(out, "%%%02X", (unsigned char)*path);
	}
}

char *report_text_utf8(const char *text)
{
	char *clean = NULL;
	size_t clean_bytes = 0;
	FILE *out = open_memstream(&clean, &clean_bytes);

	if (out == NULL)
		return NULL;
	escape(out, text, replace_none, 0);
	if (fclose(out) != 0) {
		free(clean);
		return NULL;
	}
	return clean;
}

size_t report_text_chars(const char *text)
{
	size_t chars = 0;

	while (text != NULL && *text != '\0') {
		size_t count = character_bytes(text);

		text += count == 0 ? 1 : count;
		chars++;
	}
	return chars;
}

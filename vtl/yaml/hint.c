/* hint.c: see hint.h. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "vtl/yaml/hint.h"

static bool utf8_continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Returns the place of a byte, for an error before characters are decoded. */
static yaml_mark_t mark_of_byte(size_t offset, const char *source, size_t bytes)
{
	yaml_mark_t mark = { 0, 0, 0 };

	for (size_t i = 0; i < offset && i < bytes; i++) {
		if (source[i] == '\n') {
			mark.line++;
			mark.column = 0;
		} else if (!utf8_continues(source[i])) {
			mark.column++;
		}
	}
	return mark;
}

/* The source text around a place. */
struct spot {
	char c;            /* the character; 0 at the end of a line */
	bool tab;          /* a tab is in the indentation of the line */
	bool second_colon; /* the place is ": " after a key */
};

static struct spot spot_at(yaml_mark_t mark, const char *source, size_t bytes)
{
	const char *at = source, *end = source + bytes, *stop;
	struct spot spot = { 0, false, false };
	size_t column = 0;
	bool key = false;

	for (size_t line = 0; line < mark.line; line++) {
		stop = memchr(at, '\n', (size_t)(end - at));
		at = stop != NULL ? stop + 1 : end;
	}
	for (stop = at; stop < end && *stop == ' '; stop++)
		;
	spot.tab = stop < end && *stop == '\t';
	for (; at < end && *at != '\n'; at++) {
		if (utf8_continues(*at))
			continue;
		if (column++ == mark.column) {
			spot.c = *at;
			break;
		}
		key |= *at == ':';
	}
	spot.second_colon =
	    key && spot.c == ':' && at + 1 < end && at[1] == ' ';
	return spot;
}

void yaml_hint_add(struct yaml_errors *errors, const yaml_parser_t *parser,
    const char *source, size_t source_bytes)
{
	bool not_text = parser->error == YAML_READER_ERROR;
	yaml_mark_t mark = parser->problem_mark;
	char hint[80], context[120] = "";
	struct spot spot;

	if (parser->error == YAML_MEMORY_ERROR || parser->problem == NULL) {
		yaml_errors_add(errors, 0, 0, "out of memory");
		return;
	}
	if (not_text)
		mark =
		    mark_of_byte(parser->problem_offset, source, source_bytes);
	else if (parser->context != NULL &&
	    parser->context_mark.line != mark.line)
		snprintf(context, sizeof context, " %s that begins in line %zu",
		    parser->context, parser->context_mark.line + 1);
	else if (parser->context != NULL)
		snprintf(context, sizeof context, " %s", parser->context);
	spot = spot_at(mark, source, source_bytes);
	if (not_text)
		snprintf(hint, sizeof hint, "the file must be text in UTF-8");
	else if (spot.tab || spot.c == '\t')
		snprintf(hint, sizeof hint, "indent with spaces, not tabs");
	else if (spot.c != 0 && strchr("@`%]}", spot.c) != NULL)
		snprintf(hint, sizeof hint,
		    "a value that begins with %c must be in quotes", spot.c);
	else if (spot.second_colon)
		snprintf(hint, sizeof hint,
		    "a value with \": \" in it must be in quotes");
	else
		snprintf(hint, sizeof hint,
		    "see YAML NOTES in tapelab-scenario(5)");
	yaml_errors_add(errors, (int)mark.line + 1, (int)mark.column + 1,
	    "not valid YAML: %s%s; %s", parser->problem, context, hint);
}

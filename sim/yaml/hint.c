/* yaml_hint.c: see yaml_hint.h. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sim/yaml/hint.h"

/* A place in the source; line and column from 0, as libyaml has them. */
struct place {
	size_t line, column;
	const char *line_text; /* where the line begins */
	size_t line_bytes;     /* without its end */
	size_t at;             /* byte of the line that is meant */
};

static bool utf8_continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Fills in the text of a line and column. */
static struct place place_find(yaml_mark_t mark, const char *source,
    size_t bytes)
{
	struct place place = { mark.line, mark.column, source, 0, 0 };
	const char *end = source + bytes, *stop;
	size_t column = 0;

	for (size_t line = 0; line < mark.line; line++) {
		stop = memchr(place.line_text, '\n',
		    (size_t)(end - place.line_text));
		place.line_text = stop != NULL ? stop + 1 : end;
	}
	stop = memchr(place.line_text, '\n', (size_t)(end - place.line_text));
	place.line_bytes =
	    (size_t)((stop != NULL ? stop : end) - place.line_text);
	for (; place.at < place.line_bytes; place.at++) {
		if (utf8_continues(place.line_text[place.at]))
			continue;
		if (column++ == mark.column)
			break;
	}
	return place;
}

/* The place of a byte, for what is wrong before there are characters. */
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

/* The character meant, 0 at the end of a line. */
static char char_at(const struct place *place)
{
	return place->at < place->line_bytes ? place->line_text[place->at] : 0;
}

static bool has(const char *text, const char *piece)
{
	return text != NULL && strstr(text, piece) != NULL;
}

static bool tab_in_indentation(const struct place *place)
{
	size_t blanks = 0;

	while (blanks < place->line_bytes && place->line_text[blanks] == ' ')
		blanks++;
	return blanks < place->line_bytes && place->line_text[blanks] == '\t';
}

/* Whether ": " stands before the place, on its line. */
static bool colon_before(const struct place *place)
{
	for (size_t i = 0; i + 1 < place->at; i++)
		if (place->line_text[i] == ':' &&
		    place->line_text[i + 1] == ' ')
			return true;
	return false;
}

/* Whether anything but blanks stands before the place, on its line. */
static bool text_before(const struct place *place)
{
	for (size_t i = 0; i < place->at; i++)
		if (place->line_text[i] != ' ')
			return true;
	return false;
}

/* What libyaml stops at when a value begins with a character of its own. */
static bool value_begins_badly(const yaml_parser_t *parser)
{
	return has(parser->problem, "cannot start any token") ||
	    has(parser->problem, "mapping keys are not allowed") ||
	    has(parser->problem, "expected node content") ||
	    has(parser->context, "scanning an alias") ||
	    has(parser->context, "scanning an anchor") ||
	    has(parser->context, "scanning a block scalar") ||
	    has(parser->context, "scanning a directive");
}

/* What stands between the brackets of a mapping or list is not right. */
static bool bracket_trouble(const yaml_parser_t *parser)
{
	return has(parser->problem, "',' or") ||
	    has(parser->context, "parsing a flow");
}

static const char *hint_other(const yaml_parser_t *parser,
    const struct place *place)
{
	if (has(parser->problem, "mapping values are not allowed"))
		return colon_before(place)
		    ? "a value with \": \" in it must be in quotes"
		    : "the line above has no \": \" behind its key, or this one "
		      "is indented too far";
	if (has(parser->problem, "block sequence entries"))
		return "begin the list on the next line, and each entry with "
		       "\"- \"";
	if (has(parser->problem, "expected key"))
		return text_before(place)
		    ? "nothing may follow a quoted value; put all of it in "
		      "quotes"
		    : "indent the line like the others of its mapping";
	if (has(parser->problem, "unexpected ':'"))
		return "a space must follow the colon";
	if (has(parser->problem, "expected ':'"))
		return "a key is followed by \": \"";
	if (has(parser->problem, "expected '-'"))
		return "each entry of a list begins with \"- \", and keys do "
		       "not stand beside entries";
	if (has(parser->problem, "escape"))
		return "in double quotes a backslash begins an escape; use "
		       "single quotes";
	return NULL;
}

static void hint_make(const yaml_parser_t *parser, const struct place *place,
    char *buf, size_t buf_bytes)
{
	char first = char_at(place);
	const char *other;

	buf[0] = '\0';
	if (parser->error == YAML_READER_ERROR)
		snprintf(buf, buf_bytes, "; a scenario is text in UTF-8");
	else if (tab_in_indentation(place) || first == '\t')
		snprintf(buf, buf_bytes, "; indent with spaces, not with tabs");
	else if (has(parser->problem, "unexpected end of stream"))
		snprintf(buf, buf_bytes,
		    "; the quote that begins here is not "
		    "closed");
	else if (bracket_trouble(parser))
		snprintf(buf, buf_bytes,
		    "; entries in brackets are separated "
		    "by commas, and the bracket of line %zu must be closed",
		    parser->context_mark.line + 1);
	else if (value_begins_badly(parser) && first != 0)
		snprintf(buf, buf_bytes,
		    "; a value that begins with %c must "
		    "be in quotes",
		    first);
	else if ((other = hint_other(parser, place)) != NULL)
		snprintf(buf, buf_bytes, "; %s", other);
}

/* Where the cause stands, which is not always where libyaml noticed it. */
static yaml_mark_t mark_of_cause(const yaml_parser_t *parser,
    const char *source, size_t bytes)
{
	if (parser->error == YAML_READER_ERROR)
		return mark_of_byte(parser->problem_offset, source, bytes);
	if (has(parser->problem, "unexpected end of stream") ||
	    has(parser->problem, "could not find expected ':'") ||
	    has(parser->context, "scanning an alias") ||
	    has(parser->context, "scanning an anchor") ||
	    has(parser->context, "scanning a block scalar") ||
	    has(parser->context, "scanning a directive"))
		return parser->context_mark;
	return parser->problem_mark;
}

void yaml_hint_add(struct yaml_errors *errors, const yaml_parser_t *parser,
    const char *source, size_t source_bytes)
{
	struct place place;
	char hint[160];

	if (parser->error == YAML_MEMORY_ERROR || parser->problem == NULL) {
		yaml_errors_add(errors, 0, 0, "no memory left to read it");
		return;
	}
	place = place_find(mark_of_cause(parser, source, source_bytes), source,
	    source_bytes);
	hint_make(parser, &place, hint, sizeof(hint));
	yaml_errors_add(errors, (int)place.line + 1, (int)place.column + 1,
	    "not valid YAML: %s%s", parser->problem, hint);
}

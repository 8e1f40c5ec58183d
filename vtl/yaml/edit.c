/*
 * edit.c: see edit.h.
 *
 * The parser of libyaml finds the value, and reads the changed text to check
 * that the value is the new one.
 */
#include "vtl/yaml/edit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { COLUMNS = 80 };

struct found {
	struct yaml_edit place;
	size_t column; /* of the first character, from 0 */
	yaml_scalar_style_t style;
};

/* Returns whether two texts are equal except for blanks at their ends. */
static bool equal(const char *a, size_t a_bytes, const char *b)
{
	size_t b_bytes = strlen(b);

	while (a_bytes > 0 && strchr(" \t\n", a[a_bytes - 1]) != NULL)
		a_bytes--;
	while (b_bytes > 0 && strchr(" \t\n", b[b_bytes - 1]) != NULL)
		b_bytes--;
	return a_bytes == b_bytes && memcmp(a, b, a_bytes) == 0;
}

/* Returns the offset in bytes of a character, which libyaml counts. */
static size_t byte_of(const char *source, size_t character)
{
	size_t at = 0;

	for (; source[at] != '\0'; at++)
		if (((unsigned char)source[at] & 0xc0) != 0x80 &&
		    character-- == 0)
			break;
	return at;
}

/* Finds the value.  Returns whether the text is YAML and has it. */
static bool find(const char *source, int line, const char *old,
    struct found *found)
{
	yaml_parser_t parser;
	yaml_event_t event;
	bool is_found = false, end = false;

	if (!yaml_parser_initialize(&parser))
		return false;
	yaml_parser_set_input_string(&parser, (const unsigned char *)source,
	    strlen(source));
	while (!end && yaml_parser_parse(&parser, &event)) {
		end = event.type == YAML_STREAM_END_EVENT;
		if (event.type == YAML_SCALAR_EVENT && !is_found &&
		    (int)event.start_mark.line + 1 == line &&
		    equal((const char *)event.data.scalar.value,
			event.data.scalar.length, old)) {
			is_found = true;
			*found = (struct found){
				.place = { byte_of(source,
					       event.start_mark.index),
				    byte_of(source, event.end_mark.index), line,
				    (int)event.end_mark.line + 1 },
				.column = event.start_mark.column,
				.style = event.data.scalar.style,
			};
		}
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return is_found && end;
}

/* Returns the columns before the further lines of a value. */
static size_t indent_of(const char *source, const struct found *f)
{
	size_t at = f->place.end, indent = 0;

	if (f->place.last_line == f->place.line)
		return f->column;
	while (at > f->place.begin && source[at - 1] != '\n')
		at--;
	while (source[at + indent] == ' ')
		indent++;
	return indent;
}

/* Writes a text, with a new line instead of a blank where a line is full. */
static void put_folded(FILE *to, const char *text, size_t column, size_t indent)
{
	const char *at = text;

	while (*at != '\0') {
		size_t blanks = strspn(at, " ");
		size_t length = strcspn(at + blanks, " ");

		/* Reading makes one blank of a new line. */
		if (blanks == 1 && column + 1 + length > COLUMNS) {
			fprintf(to, "\n%*s", (int)indent, "");
			column = indent;
		} else {
			fprintf(to, "%*s", (int)blanks, "");
			column += blanks;
		}
		fwrite(at + blanks, 1, length, to);
		column += length;
		at += blanks + length;
	}
}

static char *new_form(const char *source, const struct found *f,
    const char *text)
{
	const char *quote = f->style == YAML_SINGLE_QUOTED_SCALAR_STYLE ? "'"
	    : f->style == YAML_DOUBLE_QUOTED_SCALAR_STYLE               ? "\""
									: "";
	char *form = NULL;
	size_t length;
	FILE *to = open_memstream(&form, &length);

	if (to == NULL)
		return NULL;
	fputs(quote, to);
	put_folded(to, text, f->column + strlen(quote), indent_of(source, f));
	fputs(quote, to);
	if (fclose(to) == 0)
		return form;
	free(form);
	return NULL;
}

/* Returns whether the changed text has the new value. */
static bool is_right(const char *source, const struct yaml_edit *place,
    const char *form, const char *text)
{
	struct found found;
	char *changed;
	bool right;

	if (asprintf(&changed, "%.*s%s%s", (int)place->begin, source, form,
		source + place->end) < 0)
		return false;
	right = find(changed, place->line, text, &found);
	free(changed);
	return right;
}

char *yaml_edit_value(const char *source, int line, const char *old,
    const char *text, struct yaml_edit *place)
{
	struct found found;
	char *form;

	if (!find(source, line, old, &found) ||
	    found.style == YAML_LITERAL_SCALAR_STYLE ||
	    found.style == YAML_FOLDED_SCALAR_STYLE)
		return NULL;
	*place = found.place;
	form = new_form(source, &found, text);
	if (form == NULL || is_right(source, place, form, text))
		return form;
	free(form);
	return NULL;
}

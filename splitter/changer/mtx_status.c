/* mtx_status.c: see mtx_status.h. */
#include "splitter/changer/mtx_status.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/text.h"
#include "splitter/format/header.h"

enum { NUMBER_MAX = 65535 };

/* Steps over `word`, if the text begins with it. */
static bool skip(const char **text, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*text, word, n) != 0)
		return false;
	*text += n;
	return true;
}

static void skip_blanks(const char **text)
{
	while (**text == ' ' || **text == '\t')
		(*text)++;
}

static bool number(const char **text, unsigned *value)
{
	unsigned n = 0;

	if (!isdigit((unsigned char)**text))
		return false;
	for (; isdigit((unsigned char)**text); (*text)++) {
		n = 10 * n + (unsigned)(**text - '0');
		if (n > NUMBER_MAX)
			return false;
	}
	*value = n;
	return true;
}

/* " (Storage Element 3 Loaded)" after "Full", for a drive. */
static bool source(const char **text, struct element *e)
{
	skip_blanks(text);
	if (!skip(text, "("))
		return true;
	if (skip(text, "Storage Element "))
		e->has_source = number(text, &e->source);
	*text += strcspn(*text, ")");
	return skip(text, ")");
}

/* A barcode ends at the end of the line, or where mtx prints a second one. */
static size_t tag_bytes(const char *text)
{
	const char *alternate = strstr(text, ":AlternateVolumeTag");

	return alternate != NULL ? (size_t)(alternate - text) : strlen(text);
}

/* ":VolumeTag = A00003L8", which may be missing.  Some pad it with blanks. */
static bool tag(const char **text, struct element *e)
{
	size_t n;

	skip_blanks(text);
	if (skip(text, ":")) {
		skip_blanks(text);
		if (!skip(text, "VolumeTag"))
			return false;
		skip_blanks(text);
		if (!skip(text, "="))
			return false;
		skip_blanks(text);
		n = tag_bytes(*text);
		while (n > 0 && (*text)[n - 1] == ' ')
			n--;
		if (n >= sizeof e->barcode)
			return false;
		memcpy(e->barcode, *text, n);
		e->barcode[n] = '\0';
		*text += n;
		if (!header_barcode_valid(e->barcode))
			e->barcode[0] = '\0';
	}
	return true;
}

/* Parses a line that begins with an element.  `*is_element`: it does. */
static bool parse_line(const char *line, struct element *e, bool *is_element)
{
	*is_element = true;
	skip_blanks(&line);
	if (skip(&line, "Data Transfer Element ")) {
		e->kind = ELEMENT_DRIVE;
	} else if (skip(&line, "Storage Element ")) {
		e->kind = ELEMENT_SLOT;
	} else {
		*is_element = false;
		return true;
	}
	if (!number(&line, &e->address))
		return false;
	if (skip(&line, " IMPORT/EXPORT"))
		e->kind = ELEMENT_IE;
	if (!skip(&line, ":"))
		return false;
	if (skip(&line, "Empty"))
		return true;
	if (!skip(&line, "Full"))
		return false;
	e->full = true;
	return (e->kind != ELEMENT_DRIVE || source(&line, e)) && tag(&line, e);
}

/* Drives have numbers from 0, slots from 1. */
static bool numbered_from(const struct inventory *inventory,
    enum element_kind kind)
{
	for (size_t i = 0; i < inventory->count; i++)
		if (inventory->elements[i].kind == kind)
			return inventory->elements[i].address ==
			    (kind == ELEMENT_DRIVE ? 0 : 1);
	return false;
}

int mtx_status_parse(char *text, struct inventory *inventory, char *err,
    size_t err_bytes)
{
	char *rest = text, *line;
	struct text_quote quote;

	while ((line = strsep(&rest, "\r\n")) != NULL) {
		struct element e = { .kind = ELEMENT_SLOT };
		bool is_element;

		if (!parse_line(line, &e, &is_element)) {
			snprintf(err, err_bytes,
			    "\"status\" printed a line that mtx does not "
			    "print: %s",
			    text_quote(&quote, line));
			return -1;
		}
		if (is_element &&
		    inventory_add(inventory, &e, err, err_bytes) != 0)
			return -1;
	}
	if (inventory_number(inventory, err, err_bytes) != 0)
		return -1;
	if (numbered_from(inventory, ELEMENT_DRIVE) &&
	    numbered_from(inventory, ELEMENT_SLOT))
		return 0;
	snprintf(err, err_bytes,
	    "\"status\" must print a line for each drive, from \"Data Transfer "
	    "Element 0\", and for each slot, from \"Storage Element 1\"");
	return -1;
}

/* line.c: see line.h. */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/metrics/line.h"
#include "splitter/base/units.h"
#include "splitter/base/text.h"

static const char none[] = "none";

enum { ATTEMPT_MAX = 80 }; /* two numbers of 64 bits, a colon, F, a cause */

struct piece {
	const char *at;
	size_t length; /* 0: the end of the line */
};

/* Finds the next attempt or bar from `at` on. */
static struct piece piece_next(const char *at)
{
	struct piece piece;

	while (isspace((unsigned char)*at))
		at++;
	piece.at = at;
	if (*at == '|')
		piece.length = 1;
	else
		piece.length = strcspn(at, "| \t\r\n\f\v");
	return piece;
}

static bool piece_is_bar(const struct piece *piece)
{
	return piece->length == 1 && *piece->at == '|';
}

/* Returns whether the piece is a barcode: it has no colon. */
static bool piece_is_barcode(const struct piece *piece)
{
	return piece->length > 0 && !piece_is_bar(piece) &&
	    memchr(piece->at, ':', piece->length) == NULL;
}

/* Returns the length of an attempt without its cause. */
static size_t length_without_cause(const struct piece *piece)
{
	const char *mark = memmem(piece->at, piece->length, "F:", 2);

	return mark != NULL ? (size_t)(mark - piece->at) + 1 : piece->length;
}

/*
 * Returns whether the piece is an attempt: part:bytes, part:bytesF or
 * part:bytesF:cause.
 */
static bool piece_is_attempt(const struct piece *piece)
{
	char copy[ATTEMPT_MAX + 1], unused[8];
	size_t length = length_without_cause(piece);
	uint64_t number;
	char *colon;

	if (length > ATTEMPT_MAX ||
	    (length < piece->length && length + 1 == piece->length))
		return false;
	memcpy(copy, piece->at, length);
	copy[length] = '\0';
	if (copy[length - 1] == 'F')
		copy[length - 1] = '\0';
	colon = strchr(copy, ':');
	if (colon == NULL)
		return false;
	*colon = '\0';
	/* The comparison is textual: leading zeros are not allowed. */
	if ((copy[0] == '0' && copy[1] != '\0') ||
	    (colon[1] == '0' && colon[2] != '\0'))
		return false;
	return units_parse_count(copy, 1, UINT64_MAX, &number, unused,
		   sizeof(unused)) == 0 &&
	    units_parse_count(colon + 1, 0, UINT64_MAX, &number, unused,
		sizeof(unused)) == 0;
}

static void say_wrong(const struct piece *piece, char *err, size_t err_bytes)
{
	char shown[ATTEMPT_MAX + 24];
	struct text_quote quote;

	if (piece->length == 0 || piece_is_bar(piece)) {
		snprintf(err, err_bytes,
		    "an attempt is missing here; each volume has at least one, "
		    "such as 1:1048576");
		return;
	}
	snprintf(shown, sizeof(shown), "%.*s", (int)piece->length, piece->at);
	snprintf(err, err_bytes,
	    "%s is not an attempt; write part:bytes, such as 1:1048576, or "
	    "1:1048576F for one that failed",
	    text_quote(&quote, shown));
}

static bool line_check(const char *text, size_t *column, char *err,
    size_t err_bytes)
{
	struct piece piece = { text, 0 };
	bool begins = true; /* of a volume */

	do {
		piece = piece_next(piece.at + piece.length);
		if (piece_is_barcode(&piece) && begins)
			piece = piece_next(piece.at + piece.length);
		begins = false;
		if (piece.length == 0 || piece_is_bar(&piece) ||
		    !piece_is_attempt(&piece)) {
			*column = (size_t)(piece.at - text);
			say_wrong(&piece, err, err_bytes);
			return false;
		}
		piece = piece_next(piece.at + piece.length);
		begins = piece_is_bar(&piece);
		if (!begins)
			piece.length = 0;
	} while (*piece.at != '\0');
	return true;
}

char *metrics_line_parse(const char *text, size_t *column, char *err,
    size_t err_bytes)
{
	struct piece piece = piece_next(text);
	char *line, *out;

	*column = 0;
	if (strcmp(piece.at, none) == 0)
		piece.length = 0;
	else if (!line_check(text, column, err, err_bytes))
		return NULL;
	/*
	 * In the worst case each byte is a bar, and gets a blank on both sides.
	 */
	line = malloc(strlen(text) * 3 + 1);
	if (line == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	for (out = line; piece.length != 0;
	     piece = piece_next(piece.at + piece.length)) {
		if (out != line)
			*out++ = ' ';
		memcpy(out, piece.at, piece.length);
		out += piece.length;
	}
	*out = '\0';
	return line;
}

bool metrics_line_is_detailed(const char *line)
{
	struct piece piece = piece_next(line);

	if (strcmp(line, none) == 0)
		return false;
	while (piece.length > 0 && !piece_is_barcode(&piece) &&
	    length_without_cause(&piece) == piece.length)
		piece = piece_next(piece.at + piece.length);
	return piece.length > 0;
}

bool metrics_line_equal(const char *found, const char *expected)
{
	struct piece x = { found, 0 }, y = { expected, 0 };

	do {
		x = piece_next(x.at + x.length);
		y = piece_next(y.at + y.length);
		if (piece_is_barcode(&x) && !piece_is_barcode(&y))
			x = piece_next(x.at + x.length);
		if (length_without_cause(&y) == y.length)
			x.length = length_without_cause(&x);
		if (x.length != y.length || memcmp(x.at, y.at, x.length) != 0)
			return false;
		x = piece_next(x.at);
	} while (y.length != 0);
	return true;
}

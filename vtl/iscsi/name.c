/* name.c: names of initiators and targets. */
#include "vtl/iscsi/name.h"

#include <stdio.h>
#include <string.h>

#define DIGITS  "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"

enum { NAME_MAX_BYTES = ISCSI_NAME_BYTES - 1 };

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Checks what follows "iqn.": YYYY-MM.AUTHORITY[:TEXT]. */
static const char *check_iqn(const char *rest)
{
	static const char date[] =
	    "has no date after \"iqn.\"; the form is iqn.YYYY-MM.AUTHORITY:TEXT";
	const char *month = rest + 5;
	size_t n;

	if (strspn(rest, DIGITS) != 4 || rest[4] != '-' ||
	    strspn(month, DIGITS) != 2 || month[2] != '.' ||
	    strncmp(month, "01", 2) < 0 || strncmp(month, "12", 2) > 0)
		return date;
	rest = month + 3;
	if (strspn(rest, LETTERS DIGITS) == 0)
		return "has no naming authority after the date; the form is "
		       "iqn.YYYY-MM.AUTHORITY:TEXT";
	n = strspn(rest, LETTERS DIGITS "-._:");
	return rest[n] == '\0' ? NULL
			       : "has a character other than a-z, 0-9, '-', "
				 "'.', ':' and '_'";
}

static const char *check_digits(const char *rest, size_t short_count,
    size_t long_count, const char *wrong)
{
	const size_t n = strspn(rest, DIGITS "abcdef");

	return rest[n] == '\0' && (n == short_count || n == long_count) ? NULL
									: wrong;
}

static const char *check(const char *name)
{
	if (strncmp(name, "iqn.", 4) == 0)
		return check_iqn(name + 4);
	if (strncmp(name, "eui.", 4) == 0)
		return check_digits(name + 4, 16, 16,
		    "does not have 16 hexadecimal digits after \"eui.\"");
	if (strncmp(name, "naa.", 4) == 0)
		return check_digits(name + 4, 16, 32,
		    "does not have 16 or 32 hexadecimal digits after \"naa.\"");
	return "does not begin with \"iqn.\", \"eui.\" or \"naa.\"";
}

const char *iscsi_name_read(const char *text, char name[ISCSI_NAME_BYTES])
{
	const size_t bytes = strnlen(text, ISCSI_NAME_BYTES);
	const char *wrong = "is longer than 223 bytes";

	if (bytes <= NAME_MAX_BYTES) {
		for (size_t i = 0; i <= bytes; i++)
			name[i] = lower(text[i]);
		wrong = check(name);
	}
	if (wrong != NULL)
		name[0] = '\0';
	return wrong;
}

void iscsi_name_of_library(const char *library, char name[ISCSI_NAME_BYTES])
{
	/* Leaves room for the ends of the names of drives. */
	enum { LIBRARY_MAX = 180 };

	snprintf(name, ISCSI_NAME_BYTES, "iqn.2026-11.tapelab:%.*s",
	    LIBRARY_MAX, library);
	for (char *p = strchr(name, ':') + 1; *p != '\0'; p++) {
		*p = lower(*p);
		if (strchr(LETTERS DIGITS ".-", *p) == NULL)
			*p = '-';
	}
}

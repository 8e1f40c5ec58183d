/* reported.c: messages that were printed. */
#include "splitter/tool/reported.h"
#include "splitter/base/grow.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char offset[] = "offset ";

/* Skips the digits at `at` if they follow the word "offset". */
static const char *behind_offset(const char *begin, const char *at)
{
	size_t n = sizeof offset - 1;

	if ((size_t)(at - begin) < n || memcmp(at - n, offset, n) != 0)
		return at;
	while (isdigit((unsigned char)*at))
		at++;
	return at;
}

static bool same(const char *a, const char *b)
{
	const char *x = a, *y = b;

	for (;; x++, y++) {
		x = behind_offset(a, x);
		y = behind_offset(b, y);
		if (*x != *y)
			return false;
		if (*x == '\0')
			return true;
	}
}

bool reported_new(struct reported *s, const char *message)
{
	struct reported_message *list;
	size_t i;

	for (i = 0; i < s->count; i++)
		if (same(s->list[i].text, message)) {
			s->list[i].more++;
			return false;
		}
	list = grow_by_one(s->list, s->count, sizeof *list);
	if (list == NULL)
		return true;
	s->list = list;
	list[s->count] = (struct reported_message){ .text = strdup(message) };
	s->count += list[s->count].text != NULL;
	return true;
}

bool reported_holds(const struct reported *s, const char *text)
{
	size_t i;

	for (i = 0; i < s->count && text[0] != '\0'; i++)
		if (strstr(s->list[i].text, text) != NULL)
			return true;
	return false;
}

bool reported_within(const struct reported *s, const char *text)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (s->list[i].text[0] != '\0' &&
		    strstr(text, s->list[i].text) != NULL)
			return true;
	return false;
}

void reported_clear(struct reported *s)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		free(s->list[i].text);
	free(s->list);
	memset(s, 0, sizeof *s);
}

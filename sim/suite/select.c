/* select.c: see select.h. */
#include "sim/suite/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Matches a whole text.  A "*" that fails is tried again one byte later. */
static bool matches_whole(const char *pattern, const char *text)
{
	const char *star = NULL, *from = NULL;

	for (;;) {
		if (*pattern == '*') {
			star = pattern++;
			from = text;
		} else if (*text == '\0') {
			return *pattern == '\0';
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star + 1;
			text = ++from;
		} else {
			return false;
		}
	}
}

bool select_matches(const char *pattern, const char *name)
{
	return strpbrk(pattern, "*?") != NULL ? matches_whole(pattern, name)
					      : strstr(name, pattern) != NULL;
}

static bool is_selected_by_name(const struct suite_entry *e,
    const struct selection *s)
{
	bool wanted = false, any = false;

	for (size_t i = 0; i < s->patterns_count; i++) {
		const char *pattern = s->patterns[i];
		bool not = pattern[0] == '!';
		bool found = select_matches(pattern + not, e->name);

		if (not &&found)
			return false;
		any |= !not ;
		wanted |= !not &&found;
	}
	return wanted || !any;
}

static bool has_tag(const struct suite_entry *e, const char *tag, size_t length)
{
	for (size_t i = 0; e->tags != NULL && e->tags[i] != NULL; i++)
		if (strlen(e->tags[i]) == length &&
		    memcmp(e->tags[i], tag, length) == 0)
			return true;
	return false;
}

static bool is_selected_by_tag(const struct suite_entry *e,
    const struct selection *s)
{
	bool wanted = false, any = false;

	for (size_t i = 0; i < s->tags_count; i++)
		for (const char *at = s->tags[i]; *at != '\0';) {
			size_t length = strcspn(at, ",");
			bool not = at[0] == '!';
			bool found = has_tag(e, at + not, length - not );

			if (not &&found)
				return false;
			any |= !not &&length > 0;
			wanted |= !not &&found;
			at += length + (at[length] == ',');
		}
	return wanted || !any;
}

static bool is_selected_by_clock(const struct suite_entry *e,
    const struct selection *s)
{
	return s->clock == COMPOSE_ANY_CLOCK || e->clock == COMPOSE_ANY_CLOCK ||
	    e->clock == s->clock;
}

int suite_select(struct suite *suite, const struct selection *s)
{
	size_t kept = 0, before = suite->count;

	suite->left_out = calloc(before + 1, sizeof *suite->left_out);
	if (suite->left_out == NULL) {
		fprintf(stderr, "tapelab: out of memory\n");
		return -1;
	}
	for (size_t i = 0; i < before; i++) {
		struct suite_entry *e = &suite->entries[i];
		bool named =
		    is_selected_by_name(e, s) && is_selected_by_tag(e, s);

		if (!named)
			suite->left_out[suite->left_out_count++] = *e;
		else if (is_selected_by_clock(e, s))
			suite->entries[kept++] = *e;
		else
			suite_entry_clear(e);
	}
	suite->count = kept;
	if (kept > 0)
		return 0;
	fprintf(stderr,
	    "tapelab: no case is selected; --list without options prints all "
	    "%zu\n",
	    before);
	return -1;
}

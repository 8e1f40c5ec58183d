/*
 * select.h: which entries of a suite are run.
 *
 * A pattern is a part of a name, or, with "*" or "?", a whole name: "*" is any
 * text and "?" any character.  An entry is selected if one of the patterns that
 * do not begin with "!" matches it, or if there are none of these, and if no
 * pattern that begins with "!" matches it.  The same holds for tags, which are
 * compared as a whole.
 */
#ifndef SIM_SELECT_H
#define SIM_SELECT_H

#include "sim/suite/suite.h"

struct selection {
	const char *const *patterns; /* of names */
	size_t patterns_count;
	const char *const *tags; /* each may be several, with commas */
	size_t tags_count;
	/* COMPOSE_ANY_CLOCK: all; otherwise not those of the other clock. */
	enum compose_clock clock;
};

/*
 * Removes the other entries from the suite; those that are left out by name or
 * tag go to its `left_out`.  At most once for a suite.  Prints an error on stderr
 * and returns -1 if there are no entries left or memory is short, otherwise 0.
 */
int suite_select(struct suite *suite, const struct selection *selection);

/* Returns whether a pattern, without "!", matches a name. */
bool select_matches(const char *pattern, const char *name);

#endif

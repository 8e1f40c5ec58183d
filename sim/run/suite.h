/*
 * suite.h: the scenarios that are named on a command line.
 *
 * A folder stands for its *.yaml files and those in folders below it, in byte
 * order of their paths.
 *
 * Invariants:
 *  1. The name of an entry is unique: its report has a folder of this name.
 *  2. Names do not depend on the place of the files: a name is the path below
 *     the named folder, or the name of the named file, without ".yaml".
 */
#ifndef SIM_SUITE_H
#define SIM_SUITE_H

#include <stddef.h>

#include "sim/scenario/scenario.h"

struct suite_entry {
	char *path; /* path to open */
	char *file; /* path in reports; never absolute */
	char *name; /* name without ".yaml"; unique */
	/* NULL if not read yet, or if the file has errors. */
	struct scenario *scenario;
};

struct suite {
	struct suite_entry *entries;
	size_t count;
	unsigned bad; /* number of errors printed */
};

/*
 * Adds a file, or the scenarios of a folder except those below `not_below` (an
 * output folder; may be NULL).  Prints an error on stderr, and counts it in
 * `bad`, for an unreadable argument or a folder without scenarios.  Returns 0,
 * or -1 if memory is short.
 */
int suite_add(struct suite *suite, const char *path, const char *not_below);

/*
 * Reads all scenarios, with these overrides, and prints all errors on stderr.  Returns 0, or -1 if
 * there was an error here or in suite_add().
 */
int suite_read(struct suite *suite, const struct scenario_overrides *overrides);

void suite_free(struct suite *suite);

#endif

/*
 * suite.h: the scenarios that a command line names.
 *
 * A file is itself; a folder is its *.yaml, and those of the folders below it,
 * in byte order of their paths.
 *
 * Invariants:
 *  1. Each entry has a name of its own: what the report's folder is called.
 *  2. Names do not depend on where the files are: the path below the folder
 *     that was named, or the file's own name, without ".yaml".
 */
#ifndef SIM_SUITE_H
#define SIM_SUITE_H

#include <stddef.h>

#include "sim/scenario/scenario.h"

struct suite_entry {
	char *path;                /* to open it */
	char *file;                /* as reports call it; never absolute */
	char *name;                /* the same without ".yaml", and unique */
	struct scenario *scenario; /* NULL until suite_read, or if bad */
};

struct suite {
	struct suite_entry *entries;
	size_t count;
	unsigned bad; /* arguments with an error, reported */
};

/*
 * Adds a file, or what is in a folder, but not below `not_below` (an output
 * folder; NULL: none).  An argument that cannot be read, or a folder without
 * scenarios, is reported on stderr and counted as bad.  -1: no memory.
 */
int suite_add(struct suite *suite, const char *path, const char *not_below);

/*
 * Reads all scenarios.  Errors go to stderr, all of them; -1 if there was any,
 * here or before.
 */
int suite_read(struct suite *suite);

void suite_free(struct suite *suite);

#endif

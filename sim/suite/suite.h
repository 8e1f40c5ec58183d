/*
 * suite.h: the cases of the scenarios that are named on a command line.
 *
 * A folder stands for its *.yaml and *.yml files and those in folders below it,
 * in byte order of their paths.  Files whose names begin with "." or "_" are left
 * out: a "_" marks a file that others include.
 *
 * Invariants:
 *  1. The name of an entry is unique: its report has a folder of this name.
 *  2. Names do not depend on the place of the files: a name is the path below
 *     the named folder, or the name of the named file, without ".yaml" or
 *     ".yml", and the label of the case (compose.h).
 *  3. Entries are in the order of the arguments, files and cases.
 *  4. An entry can be read again, and is the same: the files stay in memory.
 */
#ifndef SIM_SUITE_H
#define SIM_SUITE_H

#include <stddef.h>

#include "sim/compose/compose.h"
#include "sim/scenario/scenario.h"

/* A file that was named, or was found in a folder. */
struct suite_file {
	char *path; /* path to open; "-": the standard input */
	char *file; /* path in reports; never absolute */
	char *name; /* name without ".yaml"; unique */
	struct compose *compose;
	bool bad; /* it has errors, which were printed */
};

/* A case.  The strings are owned. */
struct suite_entry {
	const struct suite_file *of;
	uint64_t number; /* of the case in its file */
	char *name;
	char *title;
	char **tags;        /* ended by NULL, or NULL */
	int64_t timeout_ns; /* 0: not given */
	enum compose_clock clock;
	bool has_seed;
	uint64_t seed;
	bool reads_stdin; /* its dump is read from the standard input */
	/* The number of runs of all dumps, which says how long it may take. */
	uint64_t runs;
};

struct suite {
	struct compose_options options;
	struct suite_file **files;
	size_t files_count;
	struct suite_entry *entries;
	size_t count;
	struct suite_entry *left_out; /* by name or tag; see select.h */
	size_t left_out_count;
	unsigned bad; /* number of errors printed */
};

/*
 * Adds a file, "-" for the standard input, or the scenarios of a folder except
 * those below `not_below` (an output folder; may be NULL).  Prints an error on
 * stderr, and counts it in `bad`, for an unreadable argument or a folder without
 * scenarios.  Returns 0, or -1 if memory is short.
 */
int suite_add(struct suite *suite, const char *path, const char *not_below);

/*
 * Reads all files with `options`, and makes the entries.  Prints all errors on
 * stderr; one that several cases of a file have is printed once.  Returns 0, or
 * -1 if there was an error here or in suite_add().
 */
int suite_read(struct suite *suite);

/*
 * Reads a case again.  Returns the scenario, which the caller frees, or NULL
 * with a message: a file that the scenario names may be gone.
 */
struct scenario *suite_scenario(const struct suite_entry *entry, char *err,
    size_t err_bytes);

/* Returns the path of a file as messages show it: "<stdin>", or as given. */
const char *suite_path(const struct suite_file *file);

/* Frees the contents of an entry. */
void suite_entry_clear(struct suite_entry *entry);

void suite_free(struct suite *suite);

#endif

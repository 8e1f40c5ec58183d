/*
 * gaps.h: the gaps of a dump that is read: each is printed to standard error,
 * and all are listed in a file, as JSON.
 *
 * The old content of the file is kept until there is a list.
 */
#ifndef SIM_COMMAND_GAPS_H
#define SIM_COMMAND_GAPS_H

#include <jansson.h>
#include <stdio.h>

#include "splitter/api/reader.h"
#include "splitter/tool/reported.h"

/* Zeros: no list, and no gap so far. */
struct gaps {
	const char *path; /* of the list, or NULL */
	FILE *file;
	json_t *list;
	struct reported reasons; /* that were printed */
};

/*
 * Opens the file for the list; NULL: there is no list.  `path` stays the
 * caller's.  Returns 0, or -1 with a message.
 */
int gaps_begin(struct gaps *gaps, const char *path, char *err,
    size_t err_bytes);

/* Prints a gap, and adds it to the list. */
void gaps_add(struct gaps *gaps, const struct splitter_gap *gap);

/* Writes the list.  Returns 0; -1: the error was printed. */
int gaps_end(struct gaps *gaps);

void gaps_clear(struct gaps *gaps);

#endif

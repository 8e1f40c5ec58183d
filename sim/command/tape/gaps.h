/*
 * gaps.h: the gaps of a dump that is read.
 *
 * Each gap is printed to standard error, and all gaps are listed in a file, as
 * JSON.  The old content of the file is kept until the list is written.
 */
#ifndef SIM_COMMAND_GAPS_H
#define SIM_COMMAND_GAPS_H

#include <jansson.h>
#include <stdio.h>

#include "splitter/api/reader.h"
#include "splitter/tool/reported.h"

/* The gaps so far.  All zeros: no list, and no gap. */
struct gaps {
	const char *path; /* path of the list, or NULL */
	FILE *file;
	json_t *list;
	struct reported reasons; /* reasons that were printed */
};

/*
 * Opens the file for the list; if `path` is NULL, there is no list.  The caller
 * keeps `path`.  Returns 0, or -1 with a message.
 */
int gaps_begin(struct gaps *gaps, const char *path, char *err,
    size_t err_bytes);

/* Prints a gap, and adds it to the list. */
void gaps_add(struct gaps *gaps, const struct splitter_gap *gap);

/* Writes the list.  Returns 0, or -1 after printing an error. */
int gaps_end(struct gaps *gaps);

void gaps_clear(struct gaps *gaps);

#endif

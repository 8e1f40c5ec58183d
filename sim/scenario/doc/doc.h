/*
 * doc.h: prints the tables of keys, kinds of faults and metrics.
 *
 * The JSON Schema of scenarios is generated as a whole.  In
 * tapelab-scenario(5), tapelab-drive(5) and tapelab-results(5) only the regions between two such comments are generated:
 *
 *	.\" begin REGION
 *	.\" end
 *
 * `make docs` updates both files.  `make check` fails if one is out of date.
 */
#ifndef SIM_SCENARIO_DOC_H
#define SIM_SCENARIO_DOC_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/scenario/reader.h"

/* Prints the JSON Schema of scenarios.  Returns 0, or -1 without memory. */
int doc_schema(FILE *to);

/*
 * Copies a manual page, and replaces its regions.  Returns 0, or -1 with a
 * message on standard error for an unknown region.
 */
int doc_page(FILE *from, FILE *to);

/* Returns whether a kind of fault takes a key. */
bool doc_takes(const struct scenario_kind *kind, const struct key *key);

/* Prints a sentence as mdoc: `code` as a literal, name(5) as a reference. */
void doc_mdoc(FILE *to, const char *text);

/* Prints the entry of a key, as an item of a tagged list. */
void doc_mdoc_key(FILE *to, const struct key *key);

#endif

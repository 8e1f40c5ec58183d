/*
 * update.h: writes actual values into the expectations of scenario files.
 *
 * Invariants:
 *  1. An expectation is changed only if it failed in all cases that have it,
 *     with the same actual value.
 *  2. Comments and formatting stay; a file is replaced as a whole, or not.
 */
#ifndef SIM_UPDATE_H
#define SIM_UPDATE_H

#include "reports/results.h"
#include "sim/suite/suite.h"

/* The expectations of a run; all zeros at first. */
struct update {
	struct update_line *lines; /* owned */
	size_t count;
};

/* Adds the expectations of a case.  Returns 0, or -1 without memory. */
int update_add(struct update *update, const struct suite_entry *entry,
    const struct results_scenario *results);

/*
 * Prints the differences as unified diffs on stdout, then writes the files.
 * Prints on stderr which expectations cannot be updated, and errors.  Returns 0,
 * or -1 if a file could not be written.
 */
int update_files(struct update *update);

void update_clear(struct update *update);

#endif

/*
 * random_case.h: cases drawn from a seed, for a reference to judge.
 *
 * A case depends on its seed and number alone.
 */
#ifndef SIM_TESTS_RANDOM_CASE_H
#define SIM_TESTS_RANDOM_CASE_H

#include <stdio.h>

#include "sim/tests/trial_vtime.h"

enum { RANDOM_CASE_FAILURES = 3 };

struct random_case {
	struct trial trial;
	struct trial_virtual how;
	struct memtape_failure failures[RANDOM_CASE_FAILURES];
};

/* The trial points into the case, so a copy is not one. */
void random_case_draw(struct random_case *c, uint64_t seed, uint64_t number);

/* Writes the line that parts_reference.py reads. */
void random_case_write(const struct random_case *c, FILE *to);

#endif

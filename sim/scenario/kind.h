/*
 * kind.h: the kinds of faults.
 *
 * Each kind has a row: its name, its meaning, and which of its keys exclude
 * each other.  The keys are in the tables of defect.c, drive_fault.c and
 * fault.c; each key says which kinds take it.
 */
#ifndef SIM_SCENARIO_KIND_H
#define SIM_SCENARIO_KIND_H

#include <stddef.h>

#include "sim/scenario/scenario.h"

enum { SCENARIO_KINDS = FAIL_CANCEL + 1, SCENARIO_ONE_OF_MAX = 7 };

struct scenario_kind {
	const char *word; /* value of the key `fail` */
	const char *what; /* name in messages: "a write fault" */
	enum scenario_fail fail;
	/* Exactly one of these keys must be given.  The list ends with NULL. */
	const char *one_of[SCENARIO_ONE_OF_MAX];
	/* At most one of these keys may be given.  The list ends with NULL. */
	const char *at_most_one_of[SCENARIO_ONE_OF_MAX];
	const char *meaning; /* one plain sentence */
	const char *detail;  /* more sentences, for the manual page */
};

/* All kinds, in the order of enum scenario_fail. */
extern const struct scenario_kind scenario_kinds[SCENARIO_KINDS];

/* Returns the words of all kinds, ended by NULL. */
const char *const *scenario_kind_words(void);

/* The bit of a kind in a set of kinds. */
#define SCENARIO_KIND(fail) ((uint32_t)1 << (fail))

#endif

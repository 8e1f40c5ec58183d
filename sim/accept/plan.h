/*
 * plan.h: which tests an acceptance run has, in which order, and what they cost.
 *
 * Times are estimates: the bytes at the rate of the drive's model (100 MB/s if
 * it is not known), and the time that the scenario says.
 */
#ifndef SIM_ACCEPT_PLAN_H
#define SIM_ACCEPT_PLAN_H

#include <stdio.h>

#include "sim/suite/suite.h"

/* A test of a plan. */
struct accept_test {
	const char *name, *title;  /* of the suite, which outlives the plan */
	struct scenario *scenario; /* owned; scaled for the run */
	int64_t ns;
	uint64_t written_bytes, read_bytes;
	/* How often it loads a cartridge: each program loads one at least. */
	unsigned loads;
};

struct accept_plan {
	struct accept_test *tests;
	size_t count;
	enum scenario_acceptance_run run;
	uint64_t capacity_bytes; /* of a cartridge; 0: not known */
	bool second;             /* it has the test on a second drive */
	char others[256];        /* tests of longer runs: "80_ends"; or "" */
};

/*
 * Makes the plan of a run: the scenarios of the suite with the key `acceptance`
 * that belong to it, in the order of the suite; those that read on a second drive
 * only with `second`, and last.  `model` is that of the drive;
 * NULL: not known.  `capacity_bytes` of a cartridge; 0: that of the model.
 * Returns 0, or -1 with a message.
 */
int accept_plan_make(struct accept_plan *plan, const struct suite *suite,
    enum scenario_acceptance_run run, const struct model *model,
    uint64_t capacity_bytes, bool second, char *err, size_t err_bytes);
void accept_plan_clear(struct accept_plan *plan);

/*
 * Returns the place of a test, or the number of tests if the plan does not have
 * it.
 */
size_t accept_plan_find(const struct accept_plan *plan, const char *name);

/*
 * Prints each test with its minutes, its bytes and its wear, and the sums.
 * `first_load_ns`, if not 0, is that of each new cartridge of `cartridges`.
 */
void accept_plan_print(const struct accept_plan *plan, int64_t first_load_ns,
    size_t cartridges, FILE *to);

/* Returns "quick", "default", "fill". */
const char *accept_run_name(enum scenario_acceptance_run run);

#endif

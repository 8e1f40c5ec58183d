/*
 * plan.h: which tests an acceptance run has, in which order, and what they cost.
 *
 * Times are estimates: the bytes at the rate of the drive's model (100 MB/s if
 * it is not known), and the time that the scenario says.
 *
 * The amounts follow that rate, so that a slow drive takes as long as a fast one:
 * the scale of a scenario is that for the drive of its own library.
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

/* The capacity of a cartridge, and where it is from. */
struct accept_capacity {
	uint64_t bytes;   /* 0: not known */
	const char *from; /* such as "its barcode"; literal */
};

/* Types of cartridges in one run. */
enum { ACCEPT_PLAN_TYPES = 4 };

struct accept_plan {
	struct accept_test *tests;
	size_t count;
	enum scenario_acceptance_run run;
	const struct model *model; /* of the drive; NULL: not known */
	struct accept_capacity capacity;
	bool second;     /* it has the test on a second drive */
	size_t left_out; /* tests of the run that the suite left out */
	bool one_drive;  /* that test is left out: no second drive was named */
	uint64_t
	    block_max_bytes; /* longer blocks were halved to fit; 0: none */
	/* Other capacities that were printed; 0: none. */
	uint64_t corrected_bytes[ACCEPT_PLAN_TYPES];
	char others[256]; /* tests of longer runs: "80_ends"; or "" */
};

/*
 * Returns the capacity of a cartridge: `memory_bytes`, what its memory says; if
 * that is 0, what its type holds, if the name ends with one as on the labels of
 * LTO cartridges; else that of the drive's model (NULL: not known).
 */
struct accept_capacity accept_plan_capacity(const struct model *model,
    uint64_t memory_bytes, const char *name);

/*
 * Makes the plan of a run: the scenarios of the suite with the key `acceptance`
 * that belong to it, in the order of the suite; those that read on a second drive
 * only with `second`, and last.  `model` is that of the drive;
 * NULL: not known.  Returns 0, or -1 with a message.
 */
int accept_plan_make(struct accept_plan *plan, const struct suite *suite,
    enum scenario_acceptance_run run, const struct model *model,
    struct accept_capacity capacity, bool second, char *err, size_t err_bytes);
void accept_plan_clear(struct accept_plan *plan);

/*
 * Makes the blocks of all tests no longer than this, since drive or adapter take
 * no longer ones.
 */
void accept_plan_limit_blocks(struct accept_plan *plan, uint32_t most_bytes);

/* Estimates the costs again, for another capacity. */
void accept_plan_set_capacity(struct accept_plan *plan,
    struct accept_capacity capacity);

/* Returns the rate of the estimates, in bytes per second. */
uint64_t accept_plan_rate(const struct accept_plan *plan);

/*
 * Returns the place of a test, or the number of tests if the plan does not have
 * it.
 */
size_t accept_plan_find(const struct accept_plan *plan, const char *name);

/*
 * Prints each test with its minutes, its bytes and its wear, and the sums; then
 * what is left out, and why.  A cartridge whose first load takes longer has a line
 * of its own, unless it is the first one of `names` and `was_loaded`.
 */
void accept_plan_print(const struct accept_plan *plan, const char *const *names,
    size_t cartridges, bool was_loaded, FILE *to);

/*
 * Writes why the rates of forward and reverse wraps are left out, which a plan
 * measures only over whole wraps.  Returns false if they are not.
 */
bool accept_plan_lacks_wraps(const struct accept_plan *plan, char *why,
    size_t why_bytes);

/*
 * The first load of a cartridge shows what it holds, by its memory (0: not
 * known).  Unless that is about what the plan assumed, or was printed before, it
 * is printed with the wear of the plan for this number of `cartridges`.
 */
void accept_plan_correct(struct accept_plan *plan, const char *name,
    size_t cartridges, uint64_t memory_bytes, FILE *to);

/* Returns "quick", "default", "fill". */
const char *accept_run_name(enum scenario_acceptance_run run);

#endif

/*
 * accept_rig.h: an acceptance run of a fake drive, for tests.
 *
 * A test sets members of the rig, adds scenarios, runs them, and looks at what
 * the record says.
 */
#ifndef SIM_ACCEPT_TESTS_ACCEPT_RIG_H
#define SIM_ACCEPT_TESTS_ACCEPT_RIG_H

#include <check.h>

#include "reports/tests/report_scratch.h"
#include "sim/accept/accept.h"
#include "sim/accept/plan.h"
#include "sim/accept/tests/fake_device.h"

#define LIBRARY(count)                                                      \
	"library: {drives: [lto8], volumes: {count: " #count                \
	", capacity: 16 MiB}}\n"                                            \
	"splitter: {block: 64 KiB, buffer: 256 KiB, part: 256 KiB, cache: " \
	"memory}\n"

struct accept_rig {
	char dir[SCRATCH_PATH_BYTES]; /* has all that follows */
	char out[SCRATCH_PATH_BYTES + 8], tests[SCRATCH_PATH_BYTES + 8];
	struct fake_device fake,
	    other; /* the second drive, if a test has one */
	struct suite suite;
	struct accept_config config; /* of `fake` alone, one cartridge */
	double source_rate;
	const char *filter; /* of the names of the tests; NULL: none */
	/* Of the last run. */
	struct acceptance record;
	enum acceptance_verdict verdict;
	char *text; /* what was printed */
	char err[512];
};

extern struct accept_rig accept_rig;

/* A test that labels; one that writes a dump and needs it; one that measures. */
extern const char accept_rig_first[], accept_rig_second[], accept_rig_third[];

/* The fixture. */
void accept_rig_set_up(void);
void accept_rig_tear_down(void);

/* Returns a case with the fixture, for the tests of a program. */
TCase *accept_rig_case(const char *name);

/* Runs the tests of the case, as run_suite() does. */
int accept_rig_run_case(TCase *tcase);

/* Adds a scenario as a file of this name. */
void accept_rig_add(const char *name, const char *scenario);

/* Adds 10_first.yaml, 20_second.yaml and 30_third.yaml. */
void accept_rig_add_three(void);

/* Runs the tests, and reads the record unless the run was refused. */
enum accept_end accept_rig_run(void);

/*
 * Runs the tests in another process, which the fake drive ends by its signal.
 * Returns false if the run has ended by itself.
 */
bool accept_rig_is_killed(void);

/* Changes the journal of a run that has ended to that of one that was killed. */
void accept_rig_rewrite(void (*change)(struct acceptance *a));

/* The line of the verdict begins so, and was printed. */
void accept_rig_verdict_is(const char *expected);

/* Returns a test of the record, which has it. */
const struct acceptance_test *accept_rig_test(const char *name);

/* Returns a row of the record, or NULL. */
const struct acceptance_row *accept_rig_row(const char *what);

#endif

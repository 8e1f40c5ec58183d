/*
 * reference.h: cases run by both executors and judged by a reference.
 *
 * parts_reference.py implements the written rules, independent of the code.  A
 * case is run by the engine, on threads, and in virtual time.  Both must have
 * the result of the reference, and the safe bytes are read back from the tapes
 * and compared.
 */
#ifndef SIM_TESTS_REFERENCE_H
#define SIM_TESTS_REFERENCE_H

#include "sim/run/virtual/tests/trial_vtime.h"

enum { REFERENCE_FAILURES = 4 };

struct reference_case {
	struct trial trial;
	struct trial_virtual how;
	struct memtape_failure failures[REFERENCE_FAILURES];
	/*
	 * The case is not run if its last failure comes after the last operation
	 * of its kind: the case without that failure is run elsewhere.
	 */
	bool skip_unstruck;
};

/*
 * Sets the range of cases to run, out of `cases`: CASES cases from CASES_FROM
 * (or 0), or only CASE.  Returns false, with all cases, if the environment sets
 * none of these.
 */
bool reference_range(uint64_t cases, uint64_t *from, uint64_t *to);

/*
 * Runs the cases `from` .. `to` - 1 of `make`, which sets everything except the
 * place of the trial's failures.  Prints the cases that differ on stderr, after
 * `name` and their number, and the number of cases that were run on stdout.  Fails the Check
 * test if one differs.
 */
void reference_run(const char *name,
    void (*make)(struct reference_case *, uint64_t number), uint64_t from,
    uint64_t to);

#endif

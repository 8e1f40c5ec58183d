/*
 * reference.h: cases that both executors carry out and a reference judges.
 *
 * parts_reference.py knows the written rules and nothing of the code.  A case
 * goes through the engine, on threads, and through virtual time; both must
 * come to what the reference says, and all that was called safe is read back
 * from the tapes and compared.
 */
#ifndef SIM_TESTS_REFERENCE_H
#define SIM_TESTS_REFERENCE_H

#include "sim/run/tests/trial_vtime.h"

enum { REFERENCE_FAILURES = 4 };

struct reference_case {
	struct trial trial;
	struct trial_virtual how;
	struct memtape_failure failures[REFERENCE_FAILURES];
};

/*
 * Which cases to run, of so many: from CASES_FROM, or 0, as many as CASES; or
 * CASE alone.  False, and all of them, where the environment says nothing.
 */
bool reference_range(uint64_t cases, uint64_t *from, uint64_t *to);

/*
 * Runs the cases `from` .. `to` - 1 that `make` makes; it sets all but where
 * the trial finds the failures.  Says on stderr which differ, with `name` and
 * the number in front, and on stdout how many cases there were.  Fails the
 * Check test where one differs.
 */
void reference_run(const char *name,
    void (*make)(struct reference_case *, uint64_t number), uint64_t from,
    uint64_t to);

#endif

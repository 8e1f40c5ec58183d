/*
 * sweep.h: repeated runs, in each of which another call fails.
 *
 * A body uses the code under test.  It is run for each kind of call, failing in
 * each manner, for every N up to 32, and then for each N that is a sixteenth
 * more than the last, until a run has no failure.  With SWEEP_ALL in the
 * environment, as in `make check-long`, every N is tried.  For SQLite, which
 * allocates often, and for all kinds under a sanitizer, the step is always an
 * eighth.  In a part (splitter/tests/part.h) it is a quarter, after 8.
 *
 * After each run everything must be released: memory, mappings, threads, file
 * descriptors, and the files in the folder for temporary files.  A message
 * about a failure must name what failed.
 */
#ifndef SPLITTER_TESTS_SWEEP_H
#define SPLITTER_TESTS_SWEEP_H

#include "splitter/tests/failing/failing.h"

enum { SWEEP_WRONG_BYTES = 1024 };

struct sweep_run {
	enum failing_kind kind;
	enum failing_how how;
	unsigned long nth;
	/*
	 * The body sets this text, before or after failing_end: what differs
	 * from the expected result; "": nothing.
	 */
	char wrong[SWEEP_WRONG_BYTES];
	/* The body sets these if it failed, with the message of the failure. */
	bool reported;
	char message[SWEEP_WRONG_BYTES];
};

struct sweep {
	const char *name;
	void (*body)(void *arg, struct sweep_run *run);
	void *arg;
	/*
	 * The minimum number of runs that must have reported a failure; it
	 * proves that calls do fail.
	 */
	unsigned long reported_min;
	/*
	 * Of sweeps whose bodies make much the same calls: how many there are,
	 * and which this is, from 0.  After the first 8 calls of a kind each
	 * takes only its share of them, unless SWEEP_ALL is in the environment.
	 * 0: there is one.
	 */
	unsigned shares, share;
};

/*
 * Does all runs of a sweep, in a temporary folder that is TMPDIR during the
 * sweep.  Prints the number of runs.  The first wrong run fails the test.
 */
void sweep(const struct sweep *sweep);

/* Returns the folder for temporary files of the current sweep. */
const char *sweep_folder(void);

#endif

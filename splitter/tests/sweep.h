/*
 * sweep.h: one run after the other, in each of which another call fails.
 *
 * A body does something with the code under test.  It is run for each kind of
 * call, failing in each manner, for every N until a run meets no failure;
 * SQLite, which allocates often, for every N up to 32 and then for those that
 * are an eighth more than the last.  Under a sanitizer so are all.
 *
 * After each run all must be given back: memory, mappings, threads, file
 * descriptors, and what lies in the folder for temporary files.  What was said
 * of a failure must name what failed.
 */
#ifndef SPLITTER_TESTS_SWEEP_H
#define SPLITTER_TESTS_SWEEP_H

#include "splitter/tests/failing.h"

enum { SWEEP_WRONG_BYTES = 1024 };

struct sweep_run {
	enum failing_kind kind;
	enum failing_how how;
	unsigned long nth;
	/*
	 * The body: what came out otherwise than it must; "": nothing.  Set
	 * before failing_end is called, or after.
	 */
	char wrong[SWEEP_WRONG_BYTES];
	/* The body: it came out as a failure, and what was said of it. */
	bool told;
	char said[SWEEP_WRONG_BYTES];
};

struct sweep {
	const char *name;
	void (*body)(void *arg, struct sweep_run *run);
	void *arg;
	/* How many of the runs, at least, must have told: or nothing failed. */
	unsigned long told_min;
};

/*
 * Sweeps, in a temporary folder of its own, which is TMPDIR meanwhile.  Prints
 * how many runs there were; the first that is wrong fails the test of Check.
 */
void sweep(const struct sweep *sweep);

/* The folder for temporary files of the sweep that is under way. */
const char *sweep_folder(void);

#endif

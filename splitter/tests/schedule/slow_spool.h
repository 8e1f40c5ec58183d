/*
 * slow_spool.h: a spool that lets other tasks of a schedule run within its
 * operations, and fails on request.
 *
 * A real spool (spool.h), in a folder for temporary files, stores its bytes.
 */
#ifndef SPLITTER_TESTS_SLOW_SPOOL_H
#define SPLITTER_TESTS_SLOW_SPOOL_H

#include <stdbool.h>

#include "splitter/buffer/cache.h"

struct slow_spool {
	struct cache base; /* first: cast from this */
	struct cache *spool;
	/* the append that fails, from 1 (0: none); the number so far */
	uint64_t fail_nth, appends;
	uint64_t upto, forgotten; /* offsets of the dump */
	unsigned pauses; /* other tasks run this often in each append */
	bool failed;     /* an append has failed since the last restart */
	/* the failure was reported; forgotten in this step */
	bool reported, forgot;
};

/*
 * Creates a spool of `bytes`.  Other tasks run `pauses` times within each
 * append.  The append with the number `fail_nth`, from 1, fails; 0: none.
 */
void slow_spool_init(struct slow_spool *s, uint64_t bytes, unsigned pauses,
    uint64_t fail_nth);

void slow_spool_clear(struct slow_spool *s);

/*
 * Call this function after each step of the tape thread; `warning` says whether
 * the step reported a failure of the spool.  A commit before the engine knows
 * of the failure does not clear the failure.  A commit in the step that reports
 * the failure, or in a later step, clears it.
 */
void slow_spool_step(struct slow_spool *s, bool warning);

/*
 * Returns whether the spool has failed, or holds all bytes before `offset` that
 * it needs to hold.
 */
bool slow_spool_has(const struct slow_spool *s, uint64_t offset);

#endif

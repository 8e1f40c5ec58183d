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
	uint64_t fail_nth, appends; /* from 1; 0: none fails */
	uint64_t upto, forgotten;   /* offsets of the dump */
	unsigned pauses;            /* in each append */
	bool failed;                /* and it was not restarted since */
	bool reported, forgot;      /* that it failed; in this step */
};

/*
 * Creates a spool of `bytes`.  Other tasks run `pauses` times within each append.
 * The append with the number `fail_nth`, from 1, fails; 0: none.
 */
void slow_spool_init(struct slow_spool *s, uint64_t bytes, unsigned pauses,
    uint64_t fail_nth);

void slow_spool_clear(struct slow_spool *s);

/*
 * Call this after each step of the tape thread; `warning`: the step reported a
 * failure of the spool.
 * A commit before the engine knows of the failure does not clear it, so it is
 * cleared by a commit in the step that reports it, or later.
 */
void slow_spool_step(struct slow_spool *s, bool warning);

/*
 * Whether it holds, or need not hold, everything before `offset`, or has
 * failed.
 */
bool slow_spool_has(const struct slow_spool *s, uint64_t offset);

#endif

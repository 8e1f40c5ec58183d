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

/* Holds at most `bytes`. */
void slow_spool_init(struct slow_spool *s, uint64_t bytes, unsigned pauses,
    uint64_t fail_nth);

void slow_spool_clear(struct slow_spool *s);

/*
 * A step of the tape thread is done, and a failure was reported in it or not.
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

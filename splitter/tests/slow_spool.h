/*
 * slow_spool.h: a spool between whose steps other tasks of a schedule run,
 * and that fails when it is to.
 *
 * What it holds is held by a real one (spool.h), in a folder for temporary
 * files.
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
	bool failed;                /* and it was not begun anew since */
	bool told, forgot;          /* that it failed; in this step */
};

/* Takes at most `bytes`. */
void slow_spool_init(struct slow_spool *s, uint64_t bytes, unsigned pauses,
    uint64_t fail_nth);

void slow_spool_clear(struct slow_spool *s);

/*
 * A step of the tape thread is done, and a trouble was told in it or not.  A
 * commit before the engine knows of the failure does not end it, so what ends
 * it is a commit in the step in which it is told, or later.
 */
void slow_spool_step(struct slow_spool *s, bool trouble);

/* Whether it took, or need not take, all before `offset`, or has failed. */
bool slow_spool_has(const struct slow_spool *s, uint64_t offset);

#endif

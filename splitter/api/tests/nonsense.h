/*
 * nonsense.h: tapes and a library that answer one call with nonsense.
 *
 * They forward every call to tapes in memory.  Calls of the chosen kind are
 * counted, and the result of the Nth is spoiled.  A test that tries each N in
 * turn, until a run has no Nth call, spoils every call once.
 */
#ifndef SPLITTER_TESTS_NONSENSE_H
#define SPLITTER_TESTS_NONSENSE_H

#include "splitter/tape/tape.h"

/* A kind of nonsense. */
struct nonsense_kind {
	const char *name;
	/* One of these; only calls that have such a result are counted. */
	void (*result)(struct tape_result *r);
	void (*position)(struct tape_position *p);
	void (*limits)(struct tape_limits *l);
	void (*block)(struct tape_block *b);
	struct tape *(*load)(struct tape *loaded);
	uint64_t progress_bytes; /* reported after a write, if not 0 */
	bool late;               /* or only after the write has returned */
	/* No tape can mean it: a message names the operation. */
	bool impossible;
};

extern const struct nonsense_kind nonsense_kinds[];
extern const unsigned nonsense_kinds_count;

/*
 * The library, before `inner`.  The `nth` call of that kind is spoiled, from 1.
 * One at a time.
 */
struct tape_library *nonsense_begin(const struct nonsense_kind *kind,
    unsigned nth, struct tape_library *inner);

/* The operation that was spoiled, or NULL: there was no Nth call. */
const char *nonsense_operation(void);

/* After a run. */
void nonsense_end(void);

#endif

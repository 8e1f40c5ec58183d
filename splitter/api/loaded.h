/*
 * loaded.h: the guard before a tape that a program has loaded itself.
 *
 * A guard needs a library.  This is a library with that one tape.
 */
#ifndef SPLITTER_API_LOADED_H
#define SPLITTER_API_LOADED_H

#include "splitter/tape/tape.h"

struct loaded {
	struct tape_library library; /* first: cast to this */
	struct tape *program;        /* the program's tape */
	struct tape_library *guard;
	struct tape *tape; /* use this one */
};

/*
 * Returns 0; -1 with the reason in the result, if the tape lacks an operation
 * or there is no memory.  loaded_clear() must follow in either case.
 */
int loaded_init(struct loaded *loaded, struct tape *tape, int64_t now_ns,
    struct tape_result *result);

/* The program's tape stays loaded. */
void loaded_clear(struct loaded *loaded, int64_t now_ns);

#endif

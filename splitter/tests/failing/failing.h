/*
 * failing.h: makes calls of the code under test fail, by countdown.
 *
 * A suite check_*_sweep.c is linked with a copy of the code in which every call
 * named in failing.syms is replaced by a stand-in of failing_memory.c or
 * failing_system.c.  Allocations and writes of the tests themselves, and of
 * libraries, are not affected, with any compiler and sanitizer.
 *
 * Invariants:
 *  1. A stand-in that does not fail is the original call.
 *  2. A call that fails has no effect, except close, which has closed.
 *  3. The ledger has everything that was acquired and not released.
 *
 * Threads: stand-ins may be called by any thread; the functions here by the
 * thread that starts and ends runs.
 */
#ifndef SPLITTER_TESTS_FAILING_H
#define SPLITTER_TESTS_FAILING_H

#include <stdbool.h>
#include <stddef.h>

enum failing_kind {
	FAILING_MEMORY,   /* allocations: ENOMEM */
	FAILING_DATABASE, /* allocations of SQLite, see failing_libraries.h */
	FAILING_OPEN,     /* opening files, folders, pipes: EMFILE */
	FAILING_WRITE,    /* writes to a disk: ENOSPC */
	FAILING_READ,     /* reads: EIO */
	FAILING_MAP,      /* mmap: ENOMEM */
	FAILING_START,    /* starting threads and processes: EAGAIN */
	FAILING_KINDS
};

enum failing_how {
	FAILING_ONCE,     /* only the nth call */
	FAILING_FOR_GOOD, /* the nth call and all later ones */
	/* The next two are for writes and reads only; the callers continue. */
	FAILING_SHORT,       /* from the nth on: half of the requested bytes */
	FAILING_INTERRUPTED, /* every second call from the nth on: EINTR */
	FAILING_HOWS
};

/* Resources in use: all 0 if the code has released everything. */
struct failing_ledger {
	long allocations, mappings, threads;
};

/* Starts failures: from now on the nth call of this kind, from 1, fails. */
void failing_begin(enum failing_kind kind, enum failing_how how,
    unsigned long nth);

/* Ends the failures.  Returns whether any call failed since failing_begin. */
bool failing_end(void);

/* Returns the number of calls of a kind since failing_begin. */
unsigned long failing_calls(enum failing_kind kind);

void failing_held(struct failing_ledger *held);

/* Returns whether the message names a failure of this kind. */
bool failing_named(enum failing_kind kind, const char *message);

/*
 * Return the names of a kind ("memory", "write", ...) and of a manner ("once",
 * "for good", ...).
 */
const char *failing_kind_name(enum failing_kind kind);
const char *failing_how_name(enum failing_how how);

#endif

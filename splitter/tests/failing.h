/*
 * failing.h: calls of the code under test fail, by countdown.
 *
 * A suite check_*_sweep.c is linked with a copy of the code in which every
 * call named in failing.syms is one of the stand-ins of failing_memory.c and
 * failing_system.c.  What the tests themselves, and libraries, allocate and
 * write is not touched, under every compiler and sanitizer.
 *
 * Invariants:
 *  1. A stand-in that does not fail is the call itself.
 *  2. A call that fails has done nothing, but for close, which has closed.
 *  3. What was acquired and not given back is in the ledger.
 *
 * Threads: stand-ins may be called by any; the functions here by the one that
 * begins and ends runs.
 */
#ifndef SPLITTER_TESTS_FAILING_H
#define SPLITTER_TESTS_FAILING_H

#include <stdbool.h>
#include <stddef.h>

enum failing_kind {
	FAILING_MEMORY,   /* allocations: ENOMEM */
	FAILING_DATABASE, /* those of SQLite, by failing_libraries.h */
	FAILING_OPEN,     /* files, folders, pipes: EMFILE */
	FAILING_WRITE,    /* what puts bytes on a disk: ENOSPC */
	FAILING_READ,     /* EIO */
	FAILING_MAP,      /* mmap: ENOMEM */
	FAILING_START,    /* threads and processes: EAGAIN */
	FAILING_KINDS
};

enum failing_how {
	FAILING_ONCE,     /* the nth call alone */
	FAILING_FOR_GOOD, /* and all behind it */
	/* Writes and reads only; whoever calls them goes on: */
	FAILING_SHORT,       /* from the nth on: half of what is asked */
	FAILING_INTERRUPTED, /* every second one from the nth on: EINTR */
	FAILING_HOWS
};

/* What is held: all of it is 0 where the code has given everything back. */
struct failing_ledger {
	long allocations, mappings, threads;
};

/* From now on the nth call of this kind, from 1, fails. */
void failing_begin(enum failing_kind kind, enum failing_how how,
    unsigned long nth);

/* Nothing fails any more.  Whether anything did since failing_begin. */
bool failing_end(void);

/* How many calls of a kind there were since failing_begin. */
unsigned long failing_calls(enum failing_kind kind);

void failing_held(struct failing_ledger *held);

/* Whether what is said names such a failure. */
bool failing_named(enum failing_kind kind, const char *said);

/* "memory", "write", ...; "once", "for good", ... */
const char *failing_kind_name(enum failing_kind kind);
const char *failing_how_name(enum failing_how how);

#endif

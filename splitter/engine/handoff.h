/*
 * handoff.h: where the tape thread waits for a program with a policy of its
 * own: for the next volume, and for the start of the next part.
 *
 * To the executor it is a library, whose `load` waits for handoff_use or an
 * end, and a policy, which waits for handoff_start or an end.  The rest of the
 * splitter does not know about the wait.
 *
 *     call of the program       when
 *     use a tape                any time, one at a time; it is kept until
 *     needed start the first part      once, before or while `load` waits
 *     start the next, retry     once for each attempt that asks for it, from
 *                               handoff_attempt on
 *     give up, stop             any time; they stay
 *
 * Invariants:
 *  1. A tape that was accepted is returned once: by `unload`, or by
 *     handoff_end if it was not needed.
 *  2. A call that ends a wait of `load` or the policy is made under the lock,
 *     and wakes it.
 *  3. tape_wanted and tape_returned are called without the lock.
 *
 * Threads: handoff_attempt and handoff_end are for the tape thread; any thread
 * and any event may call handoff_use, handoff_start and the calls that end.
 */
#ifndef SPLITTER_HANDOFF_H
#define SPLITTER_HANDOFF_H

#include "splitter/core/policy.h"
#include "splitter/buffer/sync.h"
#include "splitter/tape/tape.h"

/* The start that the program must call next, or none. */
enum handoff_start { HANDOFF_NONE, HANDOFF_FIRST, HANDOFF_NEXT, HANDOFF_RETRY };

struct handoff_events {
	void *arg;
	/* called when a tape is needed; may be NULL */
	void (*tape_wanted)(void *arg);
	void (*tape_returned)(void *arg, struct tape *tape,
	    enum tape_close why);
};

struct handoff {
	struct tape_library library; /* first: cast to this */
	struct handoff_events events;
	/* The lock protects all members below. */
	struct sync_lock lock;
	struct sync_cond told; /* the tape thread waits on it */
	bool waits;            /* the tape thread waits */
	struct tape *next; /* a tape that was accepted and is not in use yet */
	enum handoff_start start; /* which start may be called */
	bool gave_up, stopped, ended;
};

/*
 * Initialises the struct; cannot fail.  `tape_returned` of the events may also
 * be NULL.
 */
void handoff_init(struct handoff *e, const struct handoff_events *events);

/* Frees the contents.  The tape thread must have ended. */
void handoff_destroy(struct handoff *e);

/*
 * Accepts a tape.  Returns 0; -1 if another tape is waiting already, or no tape
 * is needed any more.
 */
int handoff_use(struct handoff *e, struct tape *tape);

/*
 * Starts the next part, or with `retry` the next attempt.  Returns 0; -1 if no
 * such start is expected.
 */
int handoff_start(struct handoff *e, bool retry);

void handoff_give_up(struct handoff *e);

/* Ends every wait, because the dump was cancelled or its producer failed. */
void handoff_stop(struct handoff *e);

/* Sets the calls that are allowed after an attempt has ended. */
void handoff_attempt(struct handoff *e, const struct core_report *report);

/* The policy that waits for the program; `arg` is the struct handoff. */
policy_fn handoff_policy;

/*
 * Call when the dump has ended.  Returns a tape that was not needed, and
 * accepts no more tapes.
 */
void handoff_end(struct handoff *e);

#endif

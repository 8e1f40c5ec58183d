/*
 * element.h: where the tape thread waits for a program that has a policy of
 * its own: for the next volume, and for the next part to be begun.
 *
 * To the executor it is a library, whose `load` waits for handoff_use or an
 * end, and a policy, which waits for handoff_start or an end.  Nothing else of
 * the splitter knows that anybody waits.
 *
 *     what may be told          by
 *     use a tape                any time, one at a time; it keeps until wanted
 *     start the first part      once, before or while `load` waits
 *     start the next, retry     once for each attempt that asks for it, from
 *                               handoff_attempt on
 *     give up, stop             any time; they stay
 *
 * Invariants:
 *  1. A tape that was taken is given back once: by `unload`, or by
 *     handoff_end where nobody wanted it.
 *  2. What `load` and the policy wait for is told under the lock, and wakes.
 *  3. want_tape and tape_done are called without the lock.
 *
 * Threads: handoff_attempt and handoff_end are for the tape thread; any thread
 * and any event may call handoff_use, handoff_start and those that end.
 */
#ifndef SPLITTER_HANDOFF_H
#define SPLITTER_HANDOFF_H

#include "splitter/core/policy.h"
#include "splitter/buffer/sync.h"
#include "splitter/tape/tape.h"

/* What is waited for: nothing, or the start of one of these. */
enum handoff_start { HANDOFF_NONE, HANDOFF_FIRST, HANDOFF_NEXT, HANDOFF_RETRY };

struct handoff_events {
	void *arg;
	void (*want_tape)(void *arg); /* may be NULL */
	void (*tape_done)(void *arg, struct tape *tape, enum tape_close why);
};

struct handoff {
	struct tape_library library; /* first: cast to this */
	struct handoff_events events;
	/* All below under the lock. */
	struct sync_lock lock;
	struct sync_cond told;    /* the tape thread waits on it */
	bool waits;               /* it does */
	struct tape *next;        /* taken, and not wanted yet */
	enum handoff_start start; /* may be told */
	bool gave_up, stopped, ended;
};

/* Cannot fail.  `tape_done` of the events may be NULL too. */
void handoff_init(struct handoff *e, const struct handoff_events *events);

/* The tape thread has ended. */
void handoff_destroy(struct handoff *e);

/* 0; -1 where one is waiting already, or none is wanted any more. */
int handoff_use(struct handoff *e, struct tape *tape);

/* 0; -1 where no such start is waited for. */
int handoff_start(struct handoff *e, bool retry);

void handoff_give_up(struct handoff *e);

/* The dump was cancelled, or its producer failed: waits for nothing more. */
void handoff_stop(struct handoff *e);

/* An attempt has ended: what may be told from now on. */
void handoff_attempt(struct handoff *e, const struct core_report *report);

/* The policy; `arg` is the element. */
policy_fn handoff_policy;

/* The dump has ended: gives back what nobody wanted, and takes no more. */
void handoff_end(struct handoff *e);

#endif

/*
 * element.h: where the tape thread waits for a program that has a policy of
 * its own: for the next volume, and for the next part to be begun.
 *
 * To the executor it is a library, whose `load` waits for element_use or an
 * end, and a policy, which waits for element_start or an end.  Nothing else of
 * the splitter knows that anybody waits.
 *
 *     what may be told          by
 *     use a tape                any time, one at a time; it keeps until wanted
 *     start the first part      once, before or while `load` waits
 *     start the next, retry     once for each attempt that asks for it, from
 *                               element_attempt on
 *     give up, stop             any time; they stay
 *
 * Invariants:
 *  1. A tape that was taken is given back once: by `unload`, or by
 *     element_end where nobody wanted it.
 *  2. What `load` and the policy wait for is told under the lock, and wakes.
 *  3. want_tape and tape_done are called without the lock.
 *
 * Threads: element_attempt and element_end are for the tape thread; any thread
 * and any event may call element_use, element_start and those that end.
 */
#ifndef SPLITTER_ELEMENT_H
#define SPLITTER_ELEMENT_H

#include "splitter/core/policy.h"
#include "splitter/buffer/sync.h"
#include "splitter/tape/tape.h"

/* What is waited for: nothing, or the start of one of these. */
enum element_start { ELEMENT_NONE, ELEMENT_FIRST, ELEMENT_NEXT, ELEMENT_RETRY };

struct element_events {
	void *arg;
	void (*want_tape)(void *arg); /* may be NULL */
	void (*tape_done)(void *arg, struct tape *tape, enum tape_close why);
};

struct element {
	struct tape_library library; /* first: cast to this */
	struct element_events events;
	/* All below under the lock. */
	struct sync_lock lock;
	struct sync_cond told;    /* the tape thread waits on it */
	bool waits;               /* it does */
	struct tape *next;        /* taken, and not wanted yet */
	enum element_start start; /* may be told */
	bool gave_up, stopped, ended;
};

/* Cannot fail.  `tape_done` of the events may be NULL too. */
void element_init(struct element *e, const struct element_events *events);

/* The tape thread has ended. */
void element_destroy(struct element *e);

/* 0; -1 where one is waiting already, or none is wanted any more. */
int element_use(struct element *e, struct tape *tape);

/* 0; -1 where no such start is waited for. */
int element_start(struct element *e, bool retry);

void element_give_up(struct element *e);

/* The dump was cancelled, or its producer failed: waits for nothing more. */
void element_stop(struct element *e);

/* An attempt has ended: what may be told from now on. */
void element_attempt(struct element *e, const struct core_report *report);

/* The policy; `arg` is the element. */
policy_fn element_policy;

/* The dump has ended: gives back what nobody wanted, and takes no more. */
void element_end(struct element *e);

#endif

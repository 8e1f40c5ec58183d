/*
 * handoff_play.h: one dump through the public handoff interface, under a
 * schedule: see schedule.h.
 *
 * Tasks: main, which waits for the end; a producer; one that decides, unless
 * the events do; and one that cancels, in some plays.  The volumes are those of
 * a library in memory, handed over one by one.
 */
#ifndef SPLITTER_TESTS_HANDOFF_PLAY_H
#define SPLITTER_TESTS_HANDOFF_PLAY_H

#include "splitter/api/splitter.h"
#include "splitter/tests/trial/trial.h"

enum {
	ELEMENT_BLOCK_BYTES = 4096,
	ELEMENT_DUMP_BYTES = 24 * ELEMENT_BLOCK_BYTES /* maximum */
};

struct handoff_play {
	struct trial t;
	struct memtape_failure failures[2];
	bool in_events;         /* events decide; false: a task decides */
	bool early;             /* a task hands volumes over in advance */
	bool tape_first;        /* then starts; false: the other way round */
	uint64_t give_up_after; /* after this many attempts, from 1; 0: never */
	bool cancels;           /* after this many points */
	unsigned cancel_after;
	bool fails; /* the producer, after fail_bytes */
	uint64_t fail_bytes;

	/* During the play. */
	struct splitter *s;
	struct memtape *tapes;
	struct course course;
	uint64_t attempts, pushed;
	bool wants, asks, asks_retry, ended; /* set by events */
	bool pending; /* a volume that is not requested yet */
	bool no_more, gave_up, end_reported, cancelled_before;
	unsigned lent, returned;
	char wrong[128]; /* the first error, or "" */
	uint64_t trace;
};

/* Draws the dump with this number; any failure may occur in it. */
void handoff_draw(struct handoff_play *p, uint64_t number,
    enum splitter_cache cache);

/* Whether every schedule must give the same attempts. */
bool handoff_is_certain(const struct handoff_play *p);

/*
 * Runs the dump on the schedule of this seed.  r->wrong is the first error, or
 * "".
 */
void handoff_play(struct handoff_play *p, uint64_t seed,
    struct trial_result *r);

#endif

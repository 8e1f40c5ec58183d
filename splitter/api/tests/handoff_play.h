/*
 * handoff_play.h: one dump through the public interface, as the element, under
 * a schedule: see schedule.h.
 *
 * Tasks: main, which waits for the end; a producer; one that decides, unless
 * the events do; and one that cancels, if one does.  The volumes are those of a
 * library in memory, handed over one by one.
 */
#ifndef SPLITTER_TESTS_HANDOFF_PLAY_H
#define SPLITTER_TESTS_HANDOFF_PLAY_H

#include "splitter/api/splitter.h"
#include "splitter/tests/trial.h"

enum {
	ELEMENT_BLOCK_BYTES = 4096,
	ELEMENT_DUMP_BYTES = 24 * ELEMENT_BLOCK_BYTES /* at the most */
};

struct handoff_play {
	struct trial t;
	struct memtape_failure failures[2];
	bool in_events;         /* decides there, or else a task does */
	bool early;             /* a task hands volumes over in advance */
	bool tape_first;        /* then starts; or else the other way round */
	uint64_t give_up_after; /* so many attempts, from 1; 0: never */
	bool cancels;           /* after so many points */
	unsigned cancel_after;
	bool fails; /* the producer, after fail_bytes */
	uint64_t fail_bytes;

	/* While it is played. */
	struct splitter *s;
	struct memtape *tapes;
	struct course course;
	uint64_t attempts, pushed;
	bool wants, asks, asks_retry, ended; /* told by events */
	bool pending; /* a volume that is not wanted yet */
	bool no_more, gave_up, told_end, cancelled_before;
	unsigned lent, returned;
	char wrong[128]; /* the first thing, or "" */
	uint64_t trace;
};

/* A dump where anything may go wrong. */
void handoff_draw(struct handoff_play *p, uint64_t number,
    enum splitter_cache cache);

/* Whether every schedule must give the same attempts. */
bool element_is_certain(const struct handoff_play *p);

/* Plays it; what is not as it must be is in r->wrong. */
void handoff_play(struct handoff_play *p, uint64_t seed,
    struct trial_result *r);

#endif

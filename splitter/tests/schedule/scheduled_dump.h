/*
 * scheduled_dump.h: one dump through the engine, under a schedule.
 *
 * Tasks: main, which waits for the end; a producer; those of the engine; and
 * one that cancels, in some plays.  Other tasks may run at each lock, wait and
 * wake of the engine, before each operation of the tape, and within those of
 * the spool.
 */
#ifndef SPLITTER_TESTS_SCHEDULED_DUMP_H
#define SPLITTER_TESTS_SCHEDULED_DUMP_H

#include "splitter/tests/schedule/slow_spool.h"
#include "splitter/tests/trial/trial.h"

enum {
	SCHEDULED_BLOCK_BYTES = 4096, /* the smallest block */
	/* The maximum size of a dump. */
	SCHEDULED_DUMP_BYTES = 40 * SCHEDULED_BLOCK_BYTES
};

/* The drive hangs before some operations.  This value says until when. */
enum scheduled_hold {
	HOLD_NOT,
	HOLD_UNTIL_PRODUCER_ENDS,
	/* or until all is pushed; needs cache none and no fault */
	HOLD_UNTIL_BUFFER_FULL,
	HOLD_UNTIL_SPOOLED /* all pushed bytes; needs a tape without faults */
};

struct scheduled_dump {
	struct trial t; /* the play sets its hook */
	struct memtape_failure failures[2];
	bool reserves; /* true: the producer reserves; false: it pushes */
	uint64_t piece_max_bytes;
	bool fails; /* the producer fails after fail_bytes */
	uint64_t fail_bytes;
	bool cancels; /* a task cancels the dump after cancel_after points */
	unsigned cancel_after;
	uint64_t spool_bytes, spool_fail_nth;
	unsigned spool_pauses;
	enum scheduled_hold hold;
	enum memtape_what hold_what;
	uint64_t hold_nth; /* number of the operation to hold; 0: hold each */

	/* The members below are set during the play. */
	struct engine *engine;
	struct slow_spool spool;
	struct course course;
	unsigned warnings; /* number of warnings so far */
	uint64_t pushed;
	bool end_sent, producer_ended;
	bool cancelled_before; /* the dump was cancelled before its end */
	uint64_t at_nth;       /* number of the operation that is held now */
	uint64_t trace;        /* checksum of the order, see schedule_end */
};

/*
 * Makes the dump with this number, without failures.  The numbers cover all
 * combinations of small sizes.
 */
void scheduled_plain(struct scheduled_dump *d, uint64_t number,
    enum splitter_cache cache);

/* Makes the dump with this number; any failure may occur in it. */
void scheduled_any(struct scheduled_dump *d, uint64_t number,
    enum splitter_cache cache);

/* Runs the dump on the schedule of this seed.  r->wrong is the first error. */
void scheduled_play(struct scheduled_dump *d, uint64_t seed,
    struct trial_result *r);

/* Returns whether every schedule must give the same parts. */
bool scheduled_is_certain(const struct scheduled_dump *d);

#endif

/*
 * core.h: the state machine that makes every decision of a dump, without I/O.
 *
 * A plain struct: no threads, no clock, no files, no pointers, no allocation.
 * The caller reports events (core_accept, core_eof, ...), asks for the next
 * step (core_next), carries it out, and reports its result (core_done).  The
 * caller serialises the calls.
 *
 * Positions are offsets in the dump:
 *
 *     committed <= attempted <= consumed <= accepted
 *
 *   accepted   taken from the producer
 *   consumed   taken by a tape at least once, in any attempt
 *   attempted  reached by the attempt in progress
 *   committed  the end of the last part that is safely on tape
 *   safe       committed; less if parts were lost later, and then the dump
 *              ends
 *
 * Invariants, asserted at every call, in release builds too:
 *
 *  1. The order above holds; committed, attempted and consumed are multiples
 *     of the block, except at the end of the dump.
 *  2. An attempt begins at committed and replays exactly
 *     [committed, consumed), however far earlier attempts came, before it
 *     continues with bytes that no tape has taken.
 *  3. Every byte of [committed, accepted) can be read from the buffer or from
 *     the part cache as long as the part may be retried; if it cannot,
 *     core_can_retry returns false before any failure.
 *  4. A part is committed only by a FINISH that succeeded.  If the tape is not
 *     at the expected position, so that parts may have been overwritten, the
 *     parts on it are verified before any other step on this tape.  Missing
 *     parts are no longer safe, and the dump ends.
 *  5. No part has zero bytes, except that an empty dump has one such part.  A
 *     resumed dump without a further byte gets no further part.
 *  6. No volume is requested unless a byte waits for it or the dump is empty.
 *     The end record never requests a volume.
 *  7. The part number increases by one with each committed part, and only then.
 *  8. A header that cannot be written changes no offset and no part number.
 *  9. accepted - core_released() <= core_ring_bytes().
 * 10. After max_failed_volumes volumes in a row on which nothing was committed,
 *     no further volume is requested.  A volume that ended at PEOM and made
 *     parts smaller does not count, up to CORE_CUTS_MAX of them between two
 *     commits.  After TAPE_STORAGE_FAILED, which is not the fault of the
 *     volume, none is requested either.
 * 11. After core_stop only steps that close the tape properly are requested.
 * 12. Bytes of the step in progress are not released.
 *
 * States, and what leads from one to the next:
 *
 *              a byte waits, or the dump is empty
 *     VOLUME ------------ LOAD ------------> LABEL --+   (directly to HEADER
 *       ^  \                                   |     |    if the volume is to
 *       |   \ no volume, or stop         LABEL |     |    be appended to)
 *       |    \                                 v     |
 *       |     \          +-------- HEADER <----------+
 *       |      \         |           ^  |fails, or meets LEOM
 *       |       \ HEADER |  CONTINUE |  +-------------------+
 *       |        \       v           |                      |
 *       |         \    DATA --+      |                      |
 *       |          \    | ^   |WRITE |                      |
 *       |           \   | +---+      |                      |
 *       |            \  | the part ends, or fails           |
 *       |             \ v            |                      |
 *       |            FINISH ----> REPORT                    |
 *       |               :            | RETRY, LEOM: close   |
 *       |                 last, stop |    +-----------------+
 *       |               or GIVE_UP   v    v
 *       |              END_RECORD -> CLOSE ------> ENDED
 *       |                              | no outcome yet
 *       +------------------------------+
 *
 * If a writing step found the tape at another position, VERIFY comes before the
 * next step of the diagram: REPORT or CLOSE.
 */
#ifndef SPLITTER_CORE_H
#define SPLITTER_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "splitter/tape/enums.h"

enum { CORE_CUTS_MAX = 16 };

struct core_config {
	uint64_t block_bytes;  /* must be greater than 0 */
	uint64_t part_bytes;   /* 0: no limit; rounded up to a block */
	uint64_t buffer_bytes; /* rounded up to blocks, at least two blocks */
	/* rounded down; from one block to the buffer */
	uint64_t start_fill_bytes;
	uint32_t cache;              /* enum splitter_cache */
	uint32_t streaming;          /* enum splitter_streaming */
	uint32_t max_volumes;        /* maximum number in total; 0: no limit */
	uint32_t max_failed_volumes; /* maximum number in a row; at least 1 */
	uint32_t end_record;         /* whether to request END_RECORD */
	/* A resumed dump sets the four members below; a new dump has zeros. */
	uint32_t start_attempts; /* attempts that the next part already had */
	uint64_t start_parts;    /* number of committed parts */
	/* bytes in these parts; a multiple of the block */
	uint64_t start_bytes;
	/*
	 * highest attempt number of the parts after the next one: these numbers
	 * are not used again
	 */
	uint64_t later_attempts;
};

enum core_kind {
	CORE_NOTHING,
	CORE_LOAD, /* load a volume */
	CORE_LABEL,
	CORE_HEADER,
	CORE_WRITE,  /* write a run of blocks */
	CORE_FINISH, /* write the synchronised filemark */
	CORE_VERIFY, /* verify that the parts on this volume are there */
	CORE_REPORT, /* an attempt has ended; decide how to continue */
	CORE_END_RECORD,
	CORE_CLOSE, /* return the volume */
	CORE_DONE   /* the dump has ended */
};

enum core_source { CORE_RING, CORE_FROM_CACHE };

/*
 * Describes an attempt that has ended, with the history that a policy may need.
 */
struct core_report {
	uint64_t part;    /* number, from 1 */
	uint64_t attempt; /* number, from 1 */
	uint64_t offset, bytes;
	enum splitter_end end;
	enum tape_cause cause; /* TAPE_OK unless the attempt failed */
	bool committed;
	bool last;      /* the attempt is the last of the dump */
	bool can_retry; /* all bytes of the part can be read again */
	/* failed volumes in a row before this volume */
	uint32_t failed_volumes;
};

struct core_step {
	enum core_kind kind;
	uint64_t part, attempt; /* HEADER */
	/* WRITE: the run; HEADER: where the part begins */
	uint64_t offset, bytes;
	enum core_source source; /* WRITE */
	bool replay;           /* WRITE: a tape has taken these bytes before */
	bool commits;          /* FINISH: the part is complete */
	bool other_drive;      /* LOAD: do not use the last drive */
	bool read_parts;       /* VERIFY; false: the dump is being stopped */
	enum tape_close close; /* CLOSE */
	struct core_report report;     /* REPORT */
	enum splitter_outcome outcome; /* END_RECORD, DONE: how the dump ends */
	bool sealed;                   /* DONE: the end record is on tape */
	enum tape_cause cause; /* DONE: why the outcome is not SPLITTER_DONE */
};

/*
 * The result of a step.  Any cause is allowed for any step except REPORT and
 * CLOSE.  `leom` is used only with TAPE_OK, since an error ends the use of the
 * volume.
 */
struct core_result {
	enum tape_cause cause;
	/*
	 * LABEL to FINISH: the step met LEOM.  LOAD with `append`: the volume
	 * had met LEOM before.
	 */
	bool leom;
	uint64_t bytes; /* WRITE: total bytes taken by the tape */
	bool append;    /* LOAD: the volume is labelled and at its EOD */
	/*
	 * LABEL to FINISH, END_RECORD: the tape is not at the position after
	 * the step; TAPE_POSITION_LOST means the same.
	 */
	bool tape_moved;
	/*
	 * LOAD, VERIFY: parts are missing on their volume or cannot be read
	 * there.  The safe bytes end at safe_bytes, and the dump ends.
	 */
	bool lost;
	uint64_t safe_bytes;
	enum splitter_decision decision; /* REPORT */
};

/*
 * The state.  Only this room, and tests that compare states, use the members.
 */
struct core {
	struct core_config config; /* the configuration after rounding */
	uint64_t accepted, consumed, attempted, committed, safe, cached;
	uint64_t limit_bytes; /* maximum size of a part from now on; 0: none */
	uint64_t part;        /* number of the current part */
	uint64_t attempts;    /* ended attempts at this part */
	/* the WRITE step in progress */
	uint64_t out_offset, out_bytes, out_progress;
	uint64_t ended_offset, ended_bytes; /* the attempt that ended */
	uint64_t volumes;                   /* number of volumes tried */
	/* volumes tried in a row without a commit */
	uint32_t failed_volumes_in_row;
	uint8_t state, out, out_source;
	uint8_t stop;       /* enum tape_cause; TAPE_OK: continue */
	uint8_t end, cause; /* end and cause of the attempt that ends */
	uint8_t close, outcome, why;
	uint8_t cuts; /* volumes that cut parts, since the last commit */
	bool eof, cache_failed, filling;
	bool listed; /* the attempt that ends must be reported */
	bool loaded, labelled, leom;
	bool tried;      /* a write on this volume was requested */
	bool written;    /* a write on this volume has succeeded */
	bool fresh;      /* the volume is new; nothing is committed on it */
	bool productive; /* this dump has committed something on it */
	bool cut;        /* PEOM on this volume made parts smaller */
	bool other_drive, unknown_now, unknown_before, sealed;
	bool tape_moved; /* this volume must be verified */
	bool lost;       /* parts were lost: `safe` was set back */
	bool no_storage; /* the storage of the volumes has failed */
};

/* Starts a dump.  The sizes are rounded as core_config says. */
void core_init(struct core *c, const struct core_config *config);

/*
 * Returns the size of the buffer in bytes, including a part if the part cache
 * is in memory.
 */
uint64_t core_ring_bytes(const struct core *c);

/* Returns how many more bytes the producer may send now. */
uint64_t core_room(const struct core *c);

/* Returns the offset up to which the buffer may be reused. */
uint64_t core_released(const struct core *c);

/* Returns whether the current part can be written again from its beginning. */
bool core_can_retry(const struct core *c);

/* Returns whether the dump was stopped.  A stopped dump writes no more data. */
bool core_stopped(const struct core *c);

/*
 * Returns whether the header of a part is on tape and its filemark is not yet
 * requested.
 */
bool core_in_part(const struct core *c);

/*
 * Events, which may be reported at any time, also during a step.
 *
 * core_accept: n more bytes are in the buffer, n <= core_room(), not after
 *   core_eof.
 * core_eof: the dump has ended.
 * core_cached: the part cache holds the dump up to `upto` (at least
 *   committed).  `upto` never decreases, except after a commit that followed
 *   core_cache_failed, when the cache starts again at committed.
 * core_cache_failed: the cache takes no more bytes until the next commit.
 * core_progress: the tape has taken n more bytes, in whole blocks, of the run
 *   in progress; core_done later includes them.
 * core_stop: TAPE_CANCELLED or TAPE_PRODUCER_FAILED; the first reason stays.
 */
void core_accept(struct core *c, uint64_t n);
void core_eof(struct core *c);
void core_cached(struct core *c, uint64_t upto);
void core_cache_failed(struct core *c);
void core_progress(struct core *c, uint64_t n);
void core_stop(struct core *c, enum tape_cause reason);

/*
 * Sets the next step and returns true; returns false if there is no step until
 * an event is reported.  A step is in progress until core_done.  No step may be
 * in progress before the call.  CORE_DONE is the last step, has no result, and
 * is returned again by each later call.
 */
bool core_next(struct core *c, struct core_step *step);

/* Reports the result of the step in progress. */
void core_done(struct core *c, const struct core_result *result);

/*
 * Many equal steps at once.  A WRITE from the buffer is in progress, and
 * succeeds without LEOM, and so do the next ones.
 *
 * core_run_bytes: the size of the longest WRITE.
 * core_same: how many more WRITEs can have the size of this one, at most
 *   `most`, as far as only the core decides: each of them has, if the bytes that
 *   wait when it is asked for allow no other size.
 * core_repeat: does what `times` results, as many steps, and all acceptances in
 *   between come to, which are `accept` bytes; the spool takes all whole blocks
 *   at once.  Afterwards the last of these WRITEs is in progress.  The caller
 *   knows that there was room for each acceptance and that each WRITE had its
 *   bytes.  `times` <= core_same().
 */
uint64_t core_run_bytes(const struct core *c);
uint64_t core_same(const struct core *c, uint64_t most);
void core_repeat(struct core *c, uint64_t times, uint64_t accept);

/*
 * Returns how a volume is closed after a step on it ended with this cause, by
 * the table of causes.  `written`: something was written on it before, so it is
 * not untouched.
 */
enum tape_close core_close_reason(enum tape_cause cause, bool written);

/* Returns the name of a step, for traces and tests: "LOAD". */
const char *core_kind_name(enum core_kind kind);

#endif

/*
 * core.h: the machine that makes every decision of a dump, and does no I/O.
 *
 * A plain struct: no threads, no clock, no files, no pointers, no allocation.
 * It is told what happened (core_accept, core_eof, ...), it is asked for the
 * next step (core_next), somebody else does the step, and it is told what came
 * of it (core_done).  Calls are serialised by the caller.
 *
 * Positions are offsets in the dump:
 *
 *     committed <= attempted <= consumed <= accepted
 *
 *   accepted   taken from the producer
 *   consumed   taken by a tape at least once, in any attempt
 *   attempted  reached by the attempt in progress
 *   committed  the end of the last part that was put safely on tape
 *   safe       committed; less where parts were lost since, and then the
 *              dump ends
 *
 * Invariants, asserted at every call, in release builds too:
 *
 *  1. The order above holds; committed, attempted and consumed are multiples
 *     of the block, but at the dump's end.
 *  2. An attempt begins at committed and replays exactly
 *     [committed, consumed), however far earlier attempts came, before it
 *     goes on with bytes that no tape has seen.
 *  3. Every byte of [committed, accepted) can be read from the buffer or from
 *     the part cache as long as the part may be retried; if it cannot,
 *     core_can_retry says so before anything fails.
 *  4. A part is committed only by a FINISH that succeeded.  Where the tape
 *     is not where it was left, so that it may have been overwritten, the
 *     parts on it are verified before anything else is done with it; those
 *     that are not there any more are not safe, and the dump ends.
 *  5. No part has zero bytes, but for an empty dump, which has exactly one.
 *     A dump that is resumed and has no further byte gets no further part.
 *  6. No volume is asked for unless a byte waits for it or the dump is empty.
 *     The end record asks for none.
 *  7. The part number goes up by one with each committed part, never else.
 *  8. A header that cannot be written changes no offset and no part number.
 *  9. accepted - core_released() <= core_ring_bytes().
 * 10. After max_failed_volumes volumes in a row that were tried and on which
 *     nothing was committed, no further volume is asked for.  A volume that
 *     ended at PEOM and made the limit of a part smaller does not count, up
 *     to CORE_CUTS_MAX of them before something is committed.
 *     Nor is one after TAPE_STORAGE_FAILED, which is no fault of the volume.
 * 11. After core_stop only steps that close the tape properly are asked for.
 * 12. Bytes of the step that is out are not released.
 *
 * States, with what leads from one to the next:
 *
 *              a byte waits, or the dump is empty
 *     VOLUME ------------ LOAD ------------> LABEL --+   (to HEADER at once
 *       ^  \                                   |     |    where the volume is
 *       |   \ no volume, or stop         LABEL |     |    to be appended to)
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
 * Where a step that writes found the tape elsewhere, VERIFY comes before what
 * is drawn behind it: REPORT, or CLOSE.
 */
#ifndef SPLITTER_CORE_H
#define SPLITTER_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "splitter/tape/enums.h"

enum { CORE_CUTS_MAX = 16 };

struct core_config {
	uint64_t block_bytes;        /* > 0 */
	uint64_t part_bytes;         /* 0: no limit; rounded up to a block */
	uint64_t buffer_bytes;       /* rounded up to blocks, two at least */
	uint64_t start_fill_bytes;   /* rounded down, 1 block .. buffer */
	uint32_t cache;              /* enum splitter_cache */
	uint32_t streaming;          /* enum splitter_streaming */
	uint32_t max_volumes;        /* tried in all; 0: no limit */
	uint32_t max_failed_volumes; /* in a row; > 0 */
	uint32_t end_record;         /* whether to ask for END_RECORD */
	/* A dump that is resumed: what is safe already; else zeros. */
	uint32_t start_attempts; /* at the part that comes next */
	uint64_t start_parts;    /* committed */
	uint64_t start_bytes;    /* in them; a multiple of the block */
	uint64_t later_attempts; /* at parts behind the next one: their
					 * numbers are not given again */
};

enum core_kind {
	CORE_NOTHING,
	CORE_LOAD, /* a volume to write on */
	CORE_LABEL,
	CORE_HEADER,
	CORE_WRITE,  /* a run of blocks */
	CORE_FINISH, /* the filemark, synchronised */
	CORE_VERIFY, /* are the parts on this volume there still? */
	CORE_REPORT, /* an attempt has ended; what now? */
	CORE_END_RECORD,
	CORE_CLOSE, /* give the volume back */
	CORE_DONE   /* the dump has ended */
};

enum core_source { CORE_RING, CORE_FROM_CACHE };

/* An attempt that has ended, and what the policy may want to know. */
struct core_report {
	uint64_t part;    /* from 1 */
	uint64_t attempt; /* from 1 */
	uint64_t offset, bytes;
	enum splitter_end end;
	enum tape_cause cause; /* TAPE_OK unless it failed */
	bool committed;
	bool last;               /* the dump ends with it */
	bool can_retry;          /* all its bytes can be read again */
	uint32_t failed_volumes; /* in a row, before this one */
};

struct core_step {
	enum core_kind kind;
	uint64_t part, attempt;  /* HEADER */
	uint64_t offset, bytes;  /* WRITE; HEADER: where it begins */
	enum core_source source; /* WRITE */
	bool replay;             /* WRITE: a tape took these before */
	bool commits;            /* FINISH: the part is complete */
	bool other_drive;        /* LOAD: not in the last one */
	bool look; /* VERIFY: read them; false: there is no time to */
	enum tape_close close;         /* CLOSE */
	struct core_report report;     /* REPORT */
	enum splitter_outcome outcome; /* END_RECORD, DONE */
	bool sealed;                   /* DONE: the end record is on tape */
	enum tape_cause cause;         /* DONE: why it is not DONE */
};

/*
 * Any cause may be given to any step but REPORT and CLOSE.  `leom` counts
 * where the cause is TAPE_OK: what failed ends the use of the volume.
 */
struct core_result {
	enum tape_cause cause;
	/* LABEL to FINISH: LEOM was met; LOAD, with `append`: before. */
	bool leom;
	uint64_t bytes; /* WRITE: taken by the tape, in all */
	bool append;    /* LOAD: labelled, stands at its EOD */
	/*
	 * LABEL to FINISH, END_RECORD: the tape is not where such a step
	 * leaves it; the cause TAPE_POSITION_LOST says so too.
	 */
	bool astray;
	/*
	 * LOAD, VERIFY: parts are not on their volume any more, or cannot be
	 * seen there.  What is safe ends at safe_bytes, and so does the dump.
	 */
	bool lost;
	uint64_t safe_bytes;
	enum splitter_decision decision; /* REPORT */
};

/* The members are for core.c and for tests that compare states. */
struct core {
	struct core_config config; /* as rounded */
	uint64_t accepted, consumed, attempted, committed, safe, cached;
	uint64_t limit_bytes; /* of a part, from now on; 0: none */
	uint64_t part;        /* number of the part in the works */
	uint64_t attempts;    /* at it that have ended */
	uint64_t out_offset, out_bytes, out_progress; /* WRITE that is out */
	uint64_t ended_offset, ended_bytes; /* the attempt that ended */
	uint64_t volumes;                   /* tried */
	uint32_t barren; /* tried in a row, nothing committed */
	uint8_t state, out, out_source;
	uint8_t stop;       /* enum tape_cause, TAPE_OK: go on */
	uint8_t end, cause; /* of the attempt that ends */
	uint8_t close, outcome, why;
	uint8_t cuts; /* volumes that cut parts, since a commit */
	bool eof, cache_failed, filling;
	bool listed; /* the attempt that ends is one to report */
	bool loaded, labelled, leom;
	bool tried;      /* a write on this volume was asked for */
	bool written;    /* and one has succeeded */
	bool fresh;      /* new, and nothing is committed on it */
	bool productive; /* something was committed on it by this dump */
	bool cut;        /* its PEOM made the limit of a part smaller */
	bool other_drive, unknown_now, unknown_before, sealed;
	bool astray;     /* this volume is to be verified */
	bool lost;       /* safe is less than committed was */
	bool no_storage; /* what stores volumes has failed */
};

/* Begins a dump.  The sizes are rounded as core_config says. */
void core_init(struct core *c, const struct core_config *config);

/* What the buffer must hold: buffer, and the part where it is the cache. */
uint64_t core_ring_bytes(const struct core *c);

/* How many more bytes the producer may bring now. */
uint64_t core_room(const struct core *c);

/* Up to which offset the buffer may be reused. */
uint64_t core_released(const struct core *c);

/* Whether the part in the works can be written again from its beginning. */
bool core_can_retry(const struct core *c);

/* Whether the dump was stopped: nothing more of it is wanted. */
bool core_stopped(const struct core *c);

/* Whether the header of a part is on tape and its filemark is not asked for. */
bool core_in_part(const struct core *c);

/*
 * What may be told at any time, also while a step is out.
 *
 * core_accept: n more bytes are in the buffer, n <= core_room(), not after
 *   core_eof.
 * core_eof: the dump has ended.
 * core_cached: the part cache holds the dump up to `upto` (from committed at
 *   least); never less than before, but after a commit that followed
 *   core_cache_failed, when it begins anew at committed.
 * core_cache_failed: the cache takes no more; until the next commit.
 * core_progress: n more bytes of the run that is out, whole blocks, have been
 *   taken by the tape; they are part of what core_done then says.
 * core_stop: TAPE_CANCELLED or TAPE_PRODUCER_FAILED; the first reason stays.
 */
void core_accept(struct core *c, uint64_t n);
void core_eof(struct core *c);
void core_cached(struct core *c, uint64_t upto);
void core_cache_failed(struct core *c);
void core_progress(struct core *c, uint64_t n);
void core_stop(struct core *c, enum tape_cause reason);

/*
 * Asks for the next step.  False: there is none until something is told.
 * A step that was given is out until core_done; none may be out already.
 * CORE_DONE is the last one, is not answered, and is given again if asked.
 */
bool core_next(struct core *c, struct core_step *step);

/* Answers the step that is out. */
void core_done(struct core *c, const struct core_result *result);

/*
 * How a volume is given back after a step on it ended with this cause, by the
 * table of causes.  `written`: something was written on it before, so it is
 * not untouched.
 */
enum tape_close core_close_reason(enum tape_cause cause, bool written);

/* The name of a step, for traces and tests: "LOAD". */
const char *core_kind_name(enum core_kind kind);

#endif

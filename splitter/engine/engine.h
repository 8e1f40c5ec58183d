/*
 * engine.h: the executor in real time: a producer's thread, a tape thread,
 * and one for the spool where there is one.
 *
 * The producer's thread is the caller's; the tape thread is the engine's.  It
 * asks the core for steps, carries them out on tapes without holding the lock,
 * and sleeps only when the core has nothing to ask for; within a part it looks
 * again after a moment, so that it need not be woken for each block.  The
 * producer sleeps only when there is no room, the spool's thread when there is
 * no block that the spool has not.
 *
 * Invariants:
 *  1. The core is touched only under the lock.
 *  2. The bytes of the step that is out, and those that are on their way
 *     into the spool, are not overwritten.
 *  3. Whoever may have made the other's condition true wakes it.
 *  4. After engine_cancel the tape thread ends within one device operation,
 *     and no producer waits.
 *
 * Threads: one producer at a time calls engine_reserve, engine_commit,
 * engine_push, engine_announce, engine_eof and engine_fail; any thread may
 * call engine_cancel and engine_get_progress;
 * engine_wait and engine_free are for one thread, after the producer is done.
 */
#ifndef SPLITTER_ENGINE_H
#define SPLITTER_ENGINE_H

#include "splitter/write/dump_run.h"

struct engine;

/* How far a dump has come; offsets in it. */
struct engine_progress {
	uint64_t accepted_bytes; /* from the producer */
	uint64_t consumed_bytes; /* taken by a tape, in any attempt */
	uint64_t safe_bytes;     /* core.h: safe */
	uint64_t part;           /* the one in the works, from 1 */
	uint64_t part_bytes;     /* of it, in this attempt */
};

/*
 * What a producer that can have any number of bytes best brings at once: more
 * would not stay in the processor's cache until it is summed.
 */
enum { ENGINE_PIECE_BYTES = 256 << 10 };

/*
 * Begins a dump: allocates, and starts the tape thread.  NULL with a message
 * in `err` if something cannot be had, or the configuration cannot be.
 */
struct engine *engine_start(const struct dump_run_config *config, char *err,
    size_t err_bytes);

/*
 * Waits until there is room for a byte at least and returns where the next
 * bytes of the dump go, and in `*bytes` how many may be put there.  NULL: no
 * more are wanted; the dump has ended, or was cancelled.
 */
void *engine_reserve(struct engine *engine, uint64_t *bytes);

/* The first `bytes` of what was reserved are there. */
void engine_commit(struct engine *engine, uint64_t bytes);

/*
 * Copies `bytes` in, waiting for room.  Returns how many were taken: fewer
 * than asked only where no more are wanted.
 */
uint64_t engine_push(struct engine *engine, const void *data, uint64_t bytes);

/*
 * The part cache is a list of slices: the next `bytes` of the dump are in the
 * file `name`, from `file_offset` on.  Before they are pushed.  Returns 0, or
 * -1 if there is no memory (then a retry of that part will fail).
 */
int engine_announce(struct engine *engine, const char *name,
    uint64_t file_offset, uint64_t bytes);

/*
 * The dump ends here; or the producer failed, and it is FAILED.  An end told
 * behind a cancel changes nothing: the dump was cut short, and is FAILED.
 */
void engine_eof(struct engine *engine);
void engine_fail(struct engine *engine);

/* Ends the dump as soon as can be.  Not for a signal handler. */
void engine_cancel(struct engine *engine);

/* How far it is now. */
void engine_get_progress(struct engine *engine,
    struct engine_progress *progress);

/* Waits until the tape thread has ended; how the dump ended. */
void engine_wait(struct engine *engine, struct dump_run_outcome *outcome);

/* Waits, if nobody did; a dump whose end was not told is cancelled. */
void engine_free(struct engine *engine);

#endif

/*
 * engine.h: the executor in real time: a producer's thread, a tape thread, and
 * a spool thread if there is a spool.
 *
 * The producer's thread is the caller's; the tape thread belongs to the engine.
 * It asks the core for steps, carries them out on tapes without holding the
 * lock, and sleeps only when the core has no step.  Within a part it checks
 * again after a moment, so that it need not be woken for each block.  The
 * producer sleeps only if there is no room, the spool thread if there is no
 * block to write.
 *
 * Invariants:
 *  1. The core is used only under the lock.
 *  2. The bytes of the step in progress, and those that are being written to
 *     the spool, are not overwritten.
 *  3. A thread that may have made another thread's condition true wakes it.
 *  4. After engine_cancel the tape thread ends within one device operation,
 *     and no producer waits.
 *
 * Threads: one producer at a time calls engine_reserve, engine_commit,
 * engine_push, engine_announce, engine_eof and engine_fail; any thread may call
 * engine_cancel and engine_get_progress; engine_wait and engine_free are for
 * one thread, after the producer is done.
 */
#ifndef SPLITTER_ENGINE_H
#define SPLITTER_ENGINE_H

#include "splitter/write/dump_run.h"

struct engine;

/* The progress of a dump, as offsets in the dump. */
struct engine_progress {
	uint64_t accepted_bytes; /* bytes accepted from the producer */
	uint64_t consumed_bytes; /* taken by a tape, in any attempt */
	uint64_t safe_bytes;     /* core.h: safe */
	uint64_t part;           /* the current part, from 1 */
	uint64_t part_bytes;     /* bytes of this part in this attempt */
};

/*
 * The best size of a producer's pieces: a longer piece would leave the
 * processor's cache before it is hashed.
 */
enum { ENGINE_PIECE_BYTES = 256 << 10 };

/*
 * Starts a dump: allocates memory and starts the tape thread.  Returns NULL,
 * with a message in `err`, on an error or an invalid configuration.
 */
struct engine *engine_start(const struct dump_run_config *config, char *err,
    size_t err_bytes);

/*
 * Waits until there is room for at least one byte.  Returns where the next
 * bytes of the dump go, and in `*bytes` how many.  Returns NULL if no more
 * bytes are needed, because the dump has ended or was cancelled.
 */
void *engine_reserve(struct engine *engine, uint64_t *bytes);

/*
 * Accepts the first `bytes` of the reserved room, which the producer has
 * filled.
 */
void engine_commit(struct engine *engine, uint64_t bytes);

/*
 * Copies `bytes` into the buffer, waiting for room.  Returns how many were
 * taken: fewer than requested only if no more are needed.
 */
uint64_t engine_push(struct engine *engine, const void *data, uint64_t bytes);

/*
 * Announces a slice, if the part cache is a list of slices: the next `bytes` of
 * the dump are in the file `name`, from `file_offset` on.  Call this function
 * before the bytes are pushed.  Returns 0; -1 if there is no memory, and then a
 * retry of that part will fail.
 */
int engine_announce(struct engine *engine, const char *name,
    uint64_t file_offset, uint64_t bytes);

/*
 * engine_eof() says that the dump is complete; engine_fail() says that the
 * producer failed, and the dump is FAILED.  engine_eof() has no effect after a
 * cancel: the dump was cut short and is FAILED.
 */
void engine_eof(struct engine *engine);
void engine_fail(struct engine *engine);

/*
 * Ends the dump as soon as possible.  A signal handler must not call this
 * function.
 */
void engine_cancel(struct engine *engine);

/* Returns the current progress. */
void engine_get_progress(struct engine *engine,
    struct engine_progress *progress);

/*
 * Returns whether the calling thread is the tape thread, which calls the events
 * and cannot wait for itself.
 */
bool engine_is_tape_thread(const struct engine *engine);

/* Waits until the tape thread has ended, and fills in how the dump ended. */
void engine_wait(struct engine *engine, struct dump_run_outcome *outcome);

/*
 * Frees the engine.  Cancels a dump that has no end yet, and waits for the tape
 * thread unless engine_wait() has done so.
 */
void engine_free(struct engine *engine);

#endif

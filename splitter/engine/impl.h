/*
 * impl.h: what the files of the executor in real time share.
 *
 *   engine.c        a dump begins and ends
 *   producer.c      calls of the producer, and a cancel
 *   tape_thread.c   steps of the core are performed
 *   spool_thread.c  blocks go to the spool
 */
#ifndef SPLITTER_ENGINE_IMPL_H
#define SPLITTER_ENGINE_IMPL_H

#include "splitter/base/clock.h"
#include "splitter/buffer/ring.h"
#include "splitter/buffer/sync.h"
#include "splitter/engine/engine.h"

#define NOWHERE UINT64_MAX

struct engine {
	struct sync_lock lock;
	struct sync_cond room;   /* the producer waits on it */
	struct sync_cond work;   /* the tape thread waits on it */
	struct sync_cond blocks; /* the spool thread waits on it */
	struct sync_thread thread, spool_thread;
	bool joined, spools;
	bool producer_waits, tape_waits; /* under the lock */
	/* the tape thread waits and will check again by itself */
	bool tape_rests;
	/* offset of the bytes being written to the spool; or NOWHERE */
	uint64_t spooling_from;
	/* warning that is not reported yet, or "" */
	char cache_warning[TAPE_MESSAGE_BYTES];
	const void *reserved;     /* room that the producer has reserved, */
	uint64_t reserved_offset; /* and its offset in the dump */
	bool end_reported;        /* the producer has called eof or fail */
	bool ended;               /* the tape thread needs no more bytes */
	struct core core;
	struct ring *ring;
	struct writer *writer;
	struct dump_run_config config;
	struct dump_run_outcome outcome;
	int64_t start_ns;
};

static inline int64_t now(const struct engine *e)
{
	return clock_now_ns() - e->start_ns;
}

/* Returns how many bytes the producer may bring. */
static inline uint64_t room(const struct engine *e)
{
	uint64_t room = core_room(&e->core);
	uint64_t released = core_released(&e->core);

	if (e->spooling_from < released)
		room -= released - e->spooling_from;
	return room;
}

/* Wakes the producer if there is room or the dump has ended. */
static inline void wake_producer(struct engine *e)
{
	if (e->producer_waits && (e->ended || room(e) > 0))
		sync_signal(&e->room);
}

static inline void wake_tape(struct engine *e)
{
	if (e->tape_waits)
		sync_signal(&e->work);
}

static inline void wake_spool(struct engine *e)
{
	if (e->spools)
		sync_signal(&e->blocks);
}

/* The functions of the threads; `arg` is the engine. */
void *engine_tape_thread(void *arg);
void *engine_spool_thread(void *arg);

/*
 * Records that the tape has taken bytes of the step in progress; `arg` is the
 * engine.
 */
void engine_on_progress(void *arg, uint64_t bytes);

#endif

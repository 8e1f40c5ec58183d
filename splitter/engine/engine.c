/* engine.c: the executor in real time. */
#include "splitter/engine/engine.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "splitter/buffer/ring.h"
#include "splitter/buffer/slices.h"
#include "splitter/buffer/sync.h"
#include "splitter/base/clock.h"

#define NOWHERE UINT64_MAX
enum { SPOOL_PIECE_BYTES = 4 << 20, REST_NS = 100000 };

struct engine {
	struct sync_lock lock;
	struct sync_cond room;   /* the producer waits on it */
	struct sync_cond work;   /* the tape thread waits on it */
	struct sync_cond blocks; /* the spool's thread waits on it */
	struct sync_thread thread, spool_thread;
	bool joined, spools;
	bool producer_waits, tape_waits; /* under the lock */
	bool tape_rests;        /* it waits, and will check again by itself */
	uint64_t spooling_from; /* being written to the spool; or NOWHERE */
	char cache_warning[TAPE_MESSAGE_BYTES]; /* not reported yet, or "" */
	const void *reserved;                   /* the producer's, */
	uint64_t reserved_offset;               /* and where its bytes go */
	bool told_end; /* eof or failure, by the producer */
	bool ended;    /* the tape thread needs no more bytes */
	struct core core;
	struct ring *ring;
	struct writer *writer;
	struct dump_run_config config;
	struct dump_run_outcome outcome;
	int64_t start_ns;
};

static int64_t now(const struct engine *e)
{
	return clock_now_ns() - e->start_ns;
}

static int64_t now_of(void *arg)
{
	return now(arg);
}

/* How many bytes the producer may bring. */
static uint64_t room(const struct engine *e)
{
	uint64_t room = core_room(&e->core);
	uint64_t released = core_released(&e->core);

	if (e->spooling_from < released)
		room -= released - e->spooling_from;
	return room;
}

/* Wakes the producer if there is room, or nothing left to wait for. */
static void wake_producer(struct engine *e)
{
	if (e->producer_waits && (e->ended || room(e) > 0))
		sync_signal(&e->room);
}

static void wake_tape(struct engine *e)
{
	if (e->tape_waits)
		sync_signal(&e->work);
}

static void wake_spool(struct engine *e)
{
	if (e->spools)
		sync_signal(&e->blocks);
}

static void on_progress(void *arg, uint64_t bytes)
{
	struct engine *e = arg;

	sync_lock(&e->lock);
	core_progress(&e->core, bytes);
	wake_producer(e);
	sync_unlock(&e->lock);
}

/*
 * The core has no step: sleeps until it may have one.  Locked.
 *
 * A tape that keeps up with its producer would be woken for each block, which
 * costs the producer more than the block.  So it first rests for a moment, and
 * then finds several blocks.
 */
static void wait_for_work(struct engine *e, bool rest)
{
	bool in_part = core_in_part(&e->core);
	int64_t begun = now(e);

	e->tape_waits = true;
	e->tape_rests = rest && in_part;
	if (e->tape_rests)
		sync_wait_at_most(&e->work, &e->lock, REST_NS, "tape: a rest");
	else
		sync_wait(&e->work, &e->lock, "tape: work");
	e->tape_waits = e->tape_rests = false;
	if (in_part)
		e->outcome.drive_starved_ns += now(e) - begun;
}

/* Waits for the next step; false when the dump has ended.  Locked. */
static bool next_step(struct engine *e, struct core_step *step)
{
	bool waited = false;

	while (!core_next(&e->core, step)) {
		if (!waited && core_in_part(&e->core))
			e->outcome.underruns++;
		wait_for_work(e, !waited);
		waited = true;
	}
	return step->kind != CORE_DONE;
}

/* Waits for the next blocks for the spool; false at the end. */
static bool next_blocks(struct engine *e, uint64_t *offset, uint64_t *bytes)
{
	while (!e->ended && (*bytes = dump_run_to_cache(&e->core, offset)) == 0)
		sync_wait(&e->blocks, &e->lock, "spool: blocks");
	return !e->ended;
}

/* Whole blocks up to `most` bytes, at least one. */
static uint64_t at_most(const struct engine *e, uint64_t most)
{
	uint64_t block = e->core.config.block_bytes;

	return most < block ? block : most - most % block;
}

/* The spool thread: writes the producer's bytes to the spool. */
static void *spool_thread(void *arg)
{
	struct engine *e = arg;
	struct cache *cache = e->config.cache;
	char err[TAPE_MESSAGE_BYTES];
	uint64_t offset, bytes, row;
	const void *data;
	int failed;

	sync_lock(&e->lock);
	while (next_blocks(e, &offset, &bytes)) {
		data = ring_at(e->ring, offset, &row);
		if (bytes > row)
			bytes = row;
		if (bytes > SPOOL_PIECE_BYTES)
			bytes = at_most(e, SPOOL_PIECE_BYTES);
		e->spooling_from = offset;
		sync_unlock(&e->lock);
		failed = cache->ops->append(cache, offset, data, bytes, err,
		    sizeof err);
		sync_lock(&e->lock);
		e->spooling_from = NOWHERE;
		if (failed == 0) {
			core_cached(&e->core, offset + bytes);
		} else {
			core_cache_failed(&e->core);
			e->outcome.cache_failures++;
			memcpy(e->cache_warning, err, sizeof err);
			memcpy(e->outcome.cache_message, err, sizeof err);
		}
		wake_producer(e);
		wake_tape(e);
	}
	sync_unlock(&e->lock);
	return NULL;
}

/* A step was carried out.  Locked. */
static void answer(struct engine *e, const struct core_result *result)
{
	uint64_t committed = e->core.committed;

	core_done(&e->core, result);
	if (e->core.committed > committed && e->config.cache != NULL)
		e->config.cache->ops->forget(e->config.cache,
		    e->core.committed);
	wake_producer(e);
	wake_spool(e);
}

/* Reports the events since the last call, without the lock. */
static void tell(struct engine *e, const struct dump_sample *m)
{
	const struct writer_events *events = &e->config.writer.events;
	char warning[TAPE_MESSAGE_BYTES];

	memcpy(warning, e->cache_warning, sizeof warning);
	e->cache_warning[0] = '\0';
	sync_unlock(&e->lock);
	if (warning[0] != '\0' && events->warning != NULL)
		events->warning(events->arg, warning, m->now_ns);
	if (e->config.sample != NULL)
		e->config.sample(e->config.sample_arg, m);
	sync_lock(&e->lock);
}

static void *tape_thread(void *arg)
{
	struct engine *e = arg;
	struct core_step step;
	struct core_result result;
	struct dump_sample m = { .step = &step, .result = &result };
	int64_t done;

	sync_lock(&e->lock);
	while (next_step(e, &step)) {
		sync_unlock(&e->lock);
		m.begun_ns = now(e);
		writer_step(e->writer, &step, m.begun_ns, &result, &done);
		m.now_ns = now(e);
		sync_lock(&e->lock);
		answer(e, &result);
		m.accepted_bytes = e->core.accepted;
		m.waiting_bytes = e->core.accepted - e->core.consumed;
		tell(e, &m);
	}
	dump_run_ended(&e->core, &step, e->writer, &e->outcome);
	e->outcome.duration_ns = now(e);
	e->ended = true;
	wake_producer(e);
	wake_spool(e);
	sync_unlock(&e->lock);
	if (e->config.ended != NULL)
		e->config.ended(e->config.ended_arg);
	return NULL;
}

/* Everything that can fail at the start, except the thread. */
static int prepare(struct engine *e, char *err, size_t err_bytes)
{
	if (dump_run_check(&e->config, err, err_bytes) != 0)
		return -1;
	core_init(&e->core, &e->config.core);
	e->ring = ring_new(core_ring_bytes(&e->core), err, err_bytes);
	if (e->ring == NULL)
		return -1;
	e->config.writer.end_record = e->core.config.end_record;
	e->config.writer.ring = e->ring;
	e->config.writer.cache = e->config.cache;
	e->config.writer.now_ns = now_of;
	e->config.writer.now_arg = e;
	e->writer = writer_new(&e->config.writer, err, err_bytes);
	if (e->writer == NULL)
		return -1;
	writer_on_progress(e->writer, on_progress, e);
	return 0;
}

static void release(struct engine *e)
{
	writer_free(e->writer);
	ring_free(e->ring);
	sync_cond_destroy(&e->room);
	sync_cond_destroy(&e->work);
	sync_cond_destroy(&e->blocks);
	sync_lock_destroy(&e->lock);
	free(e);
}

/* The spool thread ends by itself when the dump has ended. */
static void end_spool(struct engine *e)
{
	sync_lock(&e->lock);
	e->ended = true;
	wake_spool(e);
	sync_unlock(&e->lock);
	sync_join(&e->spool_thread);
}

static int start_threads(struct engine *e, char *err, size_t err_bytes)
{
	int failed = 0;

	e->spools =
	    e->config.cache != NULL && e->config.cache->ops->append != NULL;
	if (e->spools)
		failed = sync_start(&e->spool_thread, spool_thread, e, "spool");
	if (failed == 0) {
		failed = sync_start(&e->thread, tape_thread, e, "tape");
		if (failed != 0 && e->spools)
			end_spool(e);
	}
	if (failed == 0)
		return 0;
	snprintf(err, err_bytes, "cannot start a thread: %s", strerror(failed));
	return -1;
}

struct engine *engine_start(const struct dump_run_config *config, char *err,
    size_t err_bytes)
{
	struct engine *e = calloc(1, sizeof *e);

	if (e == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	e->config = *config;
	e->spooling_from = NOWHERE;
	sync_lock_init(&e->lock);
	sync_cond_init(&e->room);
	sync_cond_init(&e->work);
	sync_cond_init(&e->blocks);
	e->start_ns = clock_now_ns();
	if (prepare(e, err, err_bytes) != 0) {
		release(e);
		return NULL;
	}
	if (start_threads(e, err, err_bytes) != 0) {
		release(e);
		return NULL;
	}
	return e;
}

/*
 * Starts at the beginning of the ring again if the tape thread has written all
 * bytes and waits: then it uses no byte of the ring.  A ring that stays short
 * stays in the processor's cache.  The caller holds the lock.
 */
static void restart(struct engine *e)
{
	uint64_t block = e->core.config.block_bytes;
	uint64_t used = core_released(&e->core);

	if (e->spooling_from < used)
		used = e->spooling_from;
	if (e->tape_waits && e->core.accepted % block == 0)
		ring_restart(e->ring, used, e->core.accepted, block);
}

void *engine_reserve(struct engine *e, uint64_t *bytes)
{
	void *place = NULL;
	uint64_t contiguous;
	int64_t begun = -1;

	sync_lock(&e->lock);
	assert(!e->told_end);
	while (!e->ended && !core_stopped(&e->core) && room(e) == 0) {
		if (begun < 0)
			begun = now(e);
		e->producer_waits = true;
		sync_wait(&e->room, &e->lock, "producer: room");
		e->producer_waits = false;
	}
	if (begun >= 0)
		e->outcome.producer_blocked_ns += now(e) - begun;
	if (!e->ended && !core_stopped(&e->core)) {
		restart(e);
		place = ring_at(e->ring, e->core.accepted, &contiguous);
		e->reserved = place;
		e->reserved_offset = e->core.accepted;
		*bytes = room(e);
		if (*bytes > contiguous)
			*bytes = contiguous;
	}
	sync_unlock(&e->lock);
	return place;
}

void engine_commit(struct engine *e, uint64_t bytes)
{
	writer_brought(e->writer, e->reserved_offset, e->reserved, bytes);
	sync_lock(&e->lock);
	core_accept(&e->core, bytes);
	if (!e->tape_rests || room(e) < e->core.config.buffer_bytes / 2)
		wake_tape(e);
	wake_spool(e);
	sync_unlock(&e->lock);
}

uint64_t engine_push(struct engine *e, const void *data, uint64_t bytes)
{
	uint64_t taken = 0, room;
	void *place;

	while (taken < bytes) {
		place = engine_reserve(e, &room);
		if (place == NULL)
			break;
		if (room > bytes - taken)
			room = bytes - taken;
		memcpy(place, (const char *)data + taken, room);
		engine_commit(e, room);
		taken += room;
	}
	return taken;
}

int engine_announce(struct engine *e, const char *name, uint64_t file_offset,
    uint64_t bytes)
{
	uint64_t end =
	    slices_announce(e->config.cache, name, file_offset, bytes);

	if (end == 0)
		return -1;
	sync_lock(&e->lock);
	core_cached(&e->core, end);
	sync_unlock(&e->lock);
	return 0;
}

void engine_eof(struct engine *e)
{
	sync_lock(&e->lock);
	e->told_end = true;
	/* Bytes after a cancel were not taken: the dump is incomplete. */
	if (!core_stopped(&e->core))
		core_eof(&e->core);
	wake_tape(e);
	wake_spool(e);
	sync_unlock(&e->lock);
}

static void stop(struct engine *e, enum tape_cause reason)
{
	core_stop(&e->core, reason);
	wake_tape(e);
	if (e->producer_waits)
		sync_signal(&e->room);
}

void engine_fail(struct engine *e)
{
	sync_lock(&e->lock);
	e->told_end = true;
	stop(e, TAPE_PRODUCER_FAILED);
	sync_unlock(&e->lock);
}

void engine_cancel(struct engine *e)
{
	sync_lock(&e->lock);
	stop(e, TAPE_CANCELLED);
	sync_unlock(&e->lock);
}

void engine_get_progress(struct engine *e, struct engine_progress *p)
{
	sync_lock(&e->lock);
	p->accepted_bytes = e->core.accepted;
	p->consumed_bytes = e->core.consumed;
	p->safe_bytes = e->core.safe;
	p->part = e->core.part;
	p->part_bytes = e->core.attempted - e->core.committed;
	sync_unlock(&e->lock);
}

void engine_wait(struct engine *e, struct dump_run_outcome *outcome)
{
	if (!e->joined) {
		sync_join(&e->thread);
		if (e->spools)
			sync_join(&e->spool_thread);
	}
	e->joined = true;
	*outcome = e->outcome;
}

void engine_free(struct engine *e)
{
	struct dump_run_outcome outcome;

	if (e == NULL)
		return;
	if (!e->joined && !e->told_end)
		engine_cancel(e);
	engine_wait(e, &outcome);
	release(e);
}

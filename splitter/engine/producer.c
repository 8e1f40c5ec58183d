/* producer.c: calls of the producer, and a cancel by any thread. */
#include "splitter/engine/impl.h"

#include <assert.h>
#include <string.h>

#include "splitter/buffer/slices.h"

/*
 * Starts at the beginning of the ring again if the tape thread has written all
 * bytes and waits, because it then uses no byte of the ring.  The part of the
 * ring that is used again soon stays in the processor's cache.  The caller
 * holds the lock.
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
	assert(!e->end_reported);
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
	e->end_reported = true;
	/*
	 * After a cancel the engine takes no more bytes, so the dump is
	 * incomplete and has no end.
	 */
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
	e->end_reported = true;
	stop(e, TAPE_PRODUCER_FAILED);
	sync_unlock(&e->lock);
}

void engine_cancel(struct engine *e)
{
	sync_lock(&e->lock);
	stop(e, TAPE_CANCELLED);
	sync_unlock(&e->lock);
}

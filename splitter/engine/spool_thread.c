/* spool_thread.c: writes the producer's blocks to the spool. */
#include "splitter/engine/impl.h"

#include <string.h>

enum { SPOOL_PIECE_BYTES = 4 << 20 };

/*
 * Waits for the next blocks for the spool.  Returns false when the dump has
 * ended.
 */
static bool next_blocks(struct engine *e, uint64_t *offset, uint64_t *bytes)
{
	while (!e->ended && (*bytes = dump_run_to_cache(&e->core, offset)) == 0)
		sync_wait(&e->blocks, &e->lock, "spool: blocks");
	return !e->ended;
}

/* Rounds `most` bytes down to whole blocks, but at least one block. */
static uint64_t at_most(const struct engine *e, uint64_t most)
{
	uint64_t block = e->core.config.block_bytes;

	return most < block ? block : most - most % block;
}

/* The spool thread: writes the producer's bytes to the spool. */
void *engine_spool_thread(void *arg)
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
			dump_run_cached(&e->core, offset + bytes, &e->outcome);
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

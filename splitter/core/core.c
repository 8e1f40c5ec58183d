/* core.c: offsets and invariants of the state machine; see core.h. */
#include "splitter/core/impl.h"

#include <assert.h>
#include <string.h>

/* Returns n modulo the block.  Most blocks need no division, which is slow. */
static uint64_t rest(const struct core *c, uint64_t n)
{
	uint64_t block = c->config.block_bytes;

	return (block & (block - 1)) == 0 ? n & (block - 1) : n % block;
}

uint64_t core_round_down(const struct core *c, uint64_t n)
{
	return n - rest(c, n);
}

uint64_t core_round_up(const struct core *c, uint64_t n)
{
	return core_round_down(c, n + c->config.block_bytes - 1);
}

uint64_t core_unneeded(const struct core *c)
{
	switch (c->config.cache) {
	case SPLITTER_CACHE_MEMORY:
		return c->committed;
	case SPLITTER_CACHE_SPOOL:
		return core_max(c->committed,
		    core_min(c->consumed, core_round_down(c, c->cached)));
	default:
		return c->consumed;
	}
}

bool core_whole(const struct core *c, uint64_t offset)
{
	return rest(c, offset) == 0 || (c->eof && offset == c->accepted);
}

void core_check(const struct core *c)
{
	assert(c->safe <= c->committed);
	assert(c->safe == c->committed || c->lost);
	assert(c->committed <= c->attempted);
	assert(c->attempted <= c->consumed);
	assert(c->consumed <= c->accepted);
	assert(core_whole(c, c->committed) && core_whole(c, c->attempted) &&
	    core_whole(c, c->consumed));
	assert(c->accepted - core_released(c) <= core_ring_bytes(c));
	if (c->config.cache == SPLITTER_CACHE_MEMORY ||
	    c->config.cache == SPLITTER_CACHE_SPOOL)
		assert(core_can_retry(c));
}

void core_init(struct core *c, const struct core_config *config)
{
	struct core_config *k = &c->config;

	memset(c, 0, sizeof *c);
	*k = *config;
	assert(k->block_bytes > 0 && k->max_failed_volumes > 0);
	k->part_bytes = core_round_up(c, k->part_bytes);
	k->buffer_bytes =
	    core_max(core_round_up(c, k->buffer_bytes), 2 * k->block_bytes);
	k->start_fill_bytes = core_min(k->buffer_bytes,
	    core_max(core_round_down(c, k->start_fill_bytes), k->block_bytes));
	assert(k->part_bytes > 0 ||
	    (k->cache != SPLITTER_CACHE_MEMORY &&
		k->cache != SPLITTER_CACHE_SPOOL));
	assert(k->start_bytes % k->block_bytes == 0);
	assert(k->start_parts > 0 || k->start_bytes == 0);
	c->accepted = c->consumed = c->attempted = k->start_bytes;
	c->committed = c->safe = c->cached = k->start_bytes;
	c->limit_bytes = k->part_bytes;
	c->part = k->start_parts + 1;
	c->attempts = k->start_attempts;
	c->state = S_VOLUME;
}

uint64_t core_ring_bytes(const struct core *c)
{
	const struct core_config *k = &c->config;

	return k->cache == SPLITTER_CACHE_MEMORY
	    ? k->buffer_bytes + k->part_bytes
	    : k->buffer_bytes;
}

uint64_t core_released(const struct core *c)
{
	uint64_t to = core_unneeded(c);

	if (c->out == CORE_WRITE && c->out_source == CORE_RING)
		to = core_min(to, c->out_offset + c->out_progress);
	return to;
}

uint64_t core_room(const struct core *c)
{
	return core_ring_bytes(c) - (c->accepted - core_released(c));
}

bool core_can_retry(const struct core *c)
{
	return core_unneeded(c) <= c->committed ||
	    c->cached >= core_unneeded(c);
}

bool core_stopped(const struct core *c)
{
	return c->stop != TAPE_OK;
}

bool core_in_part(const struct core *c)
{
	return c->state == S_DATA;
}

void core_accept(struct core *c, uint64_t n)
{
	/* Nothing else that core_check() looks at depends on it. */
	assert(!c->eof && n <= core_room(c));
	c->accepted += n;
}

void core_eof(struct core *c)
{
	c->eof = true;
	core_check(c);
}

void core_cached(struct core *c, uint64_t upto)
{
	assert(upto >= c->cached);
	c->cached = upto;
	core_check(c);
}

void core_cache_failed(struct core *c)
{
	c->cache_failed = true;
}

void core_take(struct core *c, uint64_t n)
{
	c->attempted += n;
	c->consumed = core_max(c->consumed, c->attempted);
}

void core_progress(struct core *c, uint64_t n)
{
	assert(c->out == CORE_WRITE && n <= c->out_bytes - c->out_progress);
	c->out_progress += n;
	core_take(c, n);
	core_check(c);
}

void core_stop(struct core *c, enum tape_cause reason)
{
	assert(reason == TAPE_CANCELLED || reason == TAPE_PRODUCER_FAILED);
	if (c->stop == TAPE_OK)
		c->stop = reason;
}

uint64_t core_part_left(const struct core *c)
{
	return c->limit_bytes == 0
	    ? UINT64_MAX
	    : c->limit_bytes - (c->attempted - c->committed);
}

/*
 * repeat.c: many equal steps at once.
 *
 * Between two events that matter the core only adds and compares offsets.  So
 * the state after many WRITEs of one size follows from their number and from
 * the bytes that were accepted meanwhile, in whatever order both happened.
 * explore_main proves this for every state within its bounds.
 */
#include "splitter/core/impl.h"

#include <assert.h>

/* Returns whether the next WRITE can be like the one in progress at all. */
static bool is_steady(const struct core *c)
{
	return c->state == S_DATA && c->out == CORE_WRITE &&
	    c->out_source == CORE_RING && c->out_progress == 0 &&
	    c->out_bytes % c->config.block_bytes == 0 && c->stop == TAPE_OK &&
	    !c->cache_failed && !c->filling && !c->leom &&
	    c->attempted == c->consumed;
}

/* Returns whether the spool holds all that was accepted, in whole blocks. */
static bool is_spooled(const struct core *c)
{
	return c->cached <= c->accepted &&
	    c->accepted - c->cached < c->config.block_bytes;
}

uint64_t core_same(const struct core *c, uint64_t most)
{
	uint64_t left = core_part_left(c), runs;

	if (!is_steady(c) ||
	    (c->config.cache == SPLITTER_CACHE_SPOOL && !is_spooled(c)))
		return 0;
	runs = left / c->out_bytes;
	/* The first of these is the WRITE in progress. */
	return runs == 0 ? 0 : core_min(runs - 1, most);
}

void core_repeat(struct core *c, uint64_t times, uint64_t accept)
{
	uint64_t bytes = times * c->out_bytes;

	assert(times <= core_same(c, times));
	c->accepted += accept;
	c->attempted += bytes;
	c->consumed += bytes;
	c->out_offset += bytes;
	if (c->config.cache == SPLITTER_CACHE_SPOOL)
		c->cached =
		    c->eof ? c->accepted : core_round_down(c, c->accepted);
	core_check(c);
}

/*
 * explore_main.c: walks every state that the core can reach within bounds.
 *
 * A node is the core and the state of a witness that does not know the core's
 * reasons: which bytes are on tape, and which could be overwritten in the
 * buffer. From each node every possible event is applied: bytes arrive, the
 * dump ends, the cache grows or fails, the dump is stopped, and the step in
 * progress gets every result.  At each transition the witness checks the
 * request of the core.  From each node the dump must still be able to end if no
 * further failure occurs.
 *
 * Blocks have 2 bytes, so that short last blocks occur.
 *
 * The short walk takes seconds.  In a part (splitter/tests/part.h) most dumps have
 * a block less.  With SWEEP_ALL in the environment most have a block more; this
 * takes half a minute.  The long walk has larger bounds,
 * all streaming needs, and more causes of failure for caches on disk; it takes
 * 15 minutes and at least 16 GB of memory.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/core/tests/explore_repeat.h"
#include "splitter/core/tests/explore_walk.h"
#include "splitter/tests/part.h"

static uint64_t cache_most(const struct core *c)
{
	return c->config.cache == SPLITTER_CACHE_SLICES && !c->eof
	    ? walk.b.dump_blocks * EXPLORED_BLOCK
	    : c->accepted;
}

static uint64_t cached_next(const struct core *c)
{
	uint64_t at = c->cached > c->committed ? c->cached : c->committed;
	uint64_t next = at - at % walk.b.grain_bytes + walk.b.grain_bytes;

	/*
	 * The cache takes a grain at a time, except for the last bytes of the
	 * dump.
	 */
	return next > cache_most(c) && c->eof ? cache_most(c) : next;
}

static bool may_cache(const struct core *c)
{
	return (c->config.cache == SPLITTER_CACHE_SPOOL ||
		   c->config.cache == SPLITTER_CACHE_SLICES) &&
	    !c->cache_failed && cached_next(c) > c->cached &&
	    cached_next(c) <= cache_most(c);
}

/*
 * Gives the core a grain of the dump.  With grains of several bytes, also tries
 * a single byte that ends the dump.
 */
static void accept_all(const struct node *from)
{
	const struct core *c = &from->core;
	uint64_t most = walk.b.dump_blocks * EXPLORED_BLOCK - c->accepted;
	struct node n = *from;

	if (most > core_room(c))
		most = core_room(c);
	if (c->eof || most < walk.b.grain_bytes)
		return;
	core_accept(&n.core, walk.b.grain_bytes);
	walk_reach(&n);
	if (walk.b.grain_bytes > 1) {
		n = *from;
		core_accept(&n.core, 1);
		core_eof(&n.core);
		walk_reach(&n);
	}
}

/* Gives the core each event that is possible now, in a copy of its own. */
static void give_all_events(const struct node *from)
{
	const struct core *c = &from->core;
	struct node n;

	/* A dump that is ending ignores inputs. */
	if (c->stop != TAPE_OK || c->outcome != SPLITTER_NO_OUTCOME)
		return;
	accept_all(from);
	if (!c->eof) {
		n = *from;
		core_eof(&n.core);
		walk_reach(&n);
	}
	if (may_cache(c)) {
		n = *from;
		core_cached(&n.core, cached_next(c));
		walk_reach(&n);
	}
	if (c->config.cache == SPLITTER_CACHE_SPOOL && !c->cache_failed) {
		n = *from;
		core_cache_failed(&n.core);
		walk_reach(&n);
	}
	if (c->stop == TAPE_OK) {
		n = *from;
		core_stop(&n.core, TAPE_CANCELLED);
		walk_reach(&n);
	}
}

/* Gives the step in progress its result without a failure. */
static uint32_t give_good_result(const struct node *from)
{
	struct core_result r = { .cause = TAPE_OK };

	switch (from->core.out) {
	case CORE_WRITE:
		r.bytes = from->core.out_bytes;
		break;
	case CORE_REPORT:
		r.decision = from->core.end == SPLITTER_END_FAILED
		    ? SPLITTER_RETRY
		    : SPLITTER_CONTINUE;
		break;
	default:
		break;
	}
	return walk_give_result(from, r);
}

/*
 * Gives an input to a core that waits for one.  Without failures the spool
 * writes what it has, or more of the dump arrives.  If neither is possible, the
 * core hangs.
 */
static uint32_t give_good_event(const struct node *from)
{
	struct node n = *from;
	struct core *c = &n.core;

	if (c->config.cache == SPLITTER_CACHE_SPOOL && may_cache(c)) {
		core_cached(c, cached_next(c));
	} else {
		MUST(!c->eof && core_room(c) > 0);
		if (c->accepted < walk.b.dump_blocks * EXPLORED_BLOCK)
			core_accept(c, walk.b.grain_bytes);
		else
			core_eof(c);
	}
	return walk_reach(&n);
}

static void visit(uint32_t number)
{
	struct node n, asked;
	struct core_step s;
	uint32_t good;
	bool step;

	explored_get(walk.explored, number, &n);
	asked = n;
	witness_from(&n);
	give_all_events(&n);
	walk.repeats += explore_repeat(&n.core, walk.b.grain_bytes);
	if (n.core.out != CORE_NOTHING) {
		walk_give_all_results(&n);
		good = give_good_result(&n);
		explored_set_next(walk.explored, number, good);
		return;
	}
	step = core_next(&asked.core, &s);
	if (step)
		witness_check_step(&asked, &s);
	if (step || memcmp(&asked, &n, sizeof n) != 0)
		good = walk_reach(&asked);
	else
		good = give_good_event(&n);
	if (step && s.kind == CORE_DONE) {
		walk.outcomes[s.outcome]++;
		good = number;
	}
	explored_set_next(walk.explored, number, good);
}

/*
 * Checks that from each node the dump ends without failures: no path has a
 * circle.
 */
static void check_ends(void)
{
	uint32_t count = explored_count(walk.explored), at, next, i;
	uint32_t *seen = calloc(count, sizeof *seen);
	struct node n;

	if (seen == NULL) {
		perror("explore");
		exit(1);
	}
	for (i = 0; i < count; i++) {
		for (at = i; seen[at] == 0; at = next) {
			seen[at] = i + 1;
			next = explored_next(walk.explored, at);
			if (next == at)
				break;
		}
		explored_get(walk.explored, at, &n);
		witness_from(&n);
		MUST(seen[at] != i + 1 ||
		    explored_next(walk.explored, at) == at);
	}
	free(seen);
}

static void explore(const struct walk_bounds *b)
{
	static const char *const caches[] = { "none", "memory", "spool",
		"slices" };
	static const char *const needs[] = { "none", "desired", "required" };
	struct core_config config = {
		.block_bytes = EXPLORED_BLOCK,
		.part_bytes = b->part_blocks * EXPLORED_BLOCK,
		.buffer_bytes = b->buffer_blocks * EXPLORED_BLOCK,
		.start_fill_bytes =
		    b->buffer_blocks * EXPLORED_BLOCK * b->fill_percent / 100,
		.cache = b->cache,
		.streaming = b->streaming,

		.max_volumes = b->volumes,
		.max_failed_volumes = b->max_failed_volumes,
		.end_record = 1,
	};
	struct node first;
	uint32_t i;

	memset(&first, 0, sizeof first);
	core_init(&first.core, &config);
	memset(&walk, 0, sizeof walk);
	walk.b = *b;
	walk.explored = explored_new(&first.core.config);
	witness_from(&first);
	walk_reach(&first);
	for (i = 0; i < explored_count(walk.explored); i++)
		visit(i);
	check_ends();
	printf("explore: cache %s, streaming %s: dump <= %llu blocks, part "
	       "%llu, buffer %llu, volumes %u, max_failed_volumes %u, "
	       "%zu causes: %zu states, %llu transitions, %llu repetitions\n",
	    caches[b->cache], needs[b->streaming],
	    (unsigned long long)b->dump_blocks,
	    (unsigned long long)b->part_blocks,
	    (unsigned long long)b->buffer_blocks, b->volumes,
	    b->max_failed_volumes, b->causes,
	    (size_t)explored_count(walk.explored),
	    (unsigned long long)walk.transitions,
	    (unsigned long long)walk.repeats);
	for (i = SPLITTER_DONE; i <= SPLITTER_FAILED; i++)
		MUST(walk.outcomes[i] > 0);
	MUST(walk.repeats > 0);
	fflush(stdout);
	explored_free(walk.explored);
}

/*
 * Walks over long parts, whose runs have two blocks, for the sake of
 * explore_repeat().
 */
static void explore_long_parts(bool all)
{
	struct walk_bounds b = { .buffer_blocks = 16,
		.volumes = 2,
		.max_failed_volumes = 1,
		.fill_percent = 25,
		.grain_bytes = EXPLORED_BLOCK,
		.causes = 1 };

	for (b.cache = 0; b.cache <= SPLITTER_CACHE_SLICES; b.cache++) {
		/* Caches on disk have by far the most states. */
		bool large = b.cache == SPLITTER_CACHE_SPOOL ||
		    b.cache == SPLITTER_CACHE_SLICES;

		b.dump_blocks = large && !all ? (part_only() ? 4 : 5) : 8;
		b.part_blocks = large && !all ? 4 : 7;
		for (b.streaming = 0;
		     b.streaming <= SPLITTER_STREAMING_REQUIRED;
		     b.streaming += all ? 1 : SPLITTER_STREAMING_REQUIRED)
			explore(&b);
	}
}

int main(int argc, char **argv)
{
	struct walk_bounds b = {
		.dump_blocks = getenv("SWEEP_ALL") != NULL ? 4
		    : part_only()                          ? 2
							   : 3,
		.part_blocks = 3,
		.buffer_blocks = 2,
		.volumes = 3,
		.max_failed_volumes = 2,
		.fill_percent = 100,
	};
	bool all = argc == 2 && strcmp(argv[1], "--long") == 0;

	if (argc > 1 && !all) {
		fprintf(stderr, "usage: explore_main [--long]\n");
		return 2;
	}
	if (all) {
		b.dump_blocks = 6;
		b.volumes = 4;
	}
	for (b.cache = 0; b.cache <= SPLITTER_CACHE_SLICES; b.cache++) {
		bool large = b.cache == SPLITTER_CACHE_SPOOL ||
		    b.cache == SPLITTER_CACHE_SLICES;

		b.part_blocks = large && !all ? 2 : 3;
		b.grain_bytes =
		    b.cache == SPLITTER_CACHE_NONE ? 1 : EXPLORED_BLOCK;
		/* Caches on disk have by far the most states. */
		b.causes = b.cache == SPLITTER_CACHE_NONE ? WALK_CAUSES
		    : large && !all                       ? WALK_CAUSES_FEW
							  : WALK_CAUSES_MORE;
		b.tape_moved =
		    b.cache == SPLITTER_CACHE_NONE ? WALK_CAUSES : !large;
		for (b.streaming = 0;
		     b.streaming <= (all ? SPLITTER_STREAMING_REQUIRED
					 : SPLITTER_STREAMING_NONE);
		     b.streaming++)
			explore(&b);
	}
	explore_long_parts(all);
	return 0;
}

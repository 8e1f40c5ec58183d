/*
 * explore_walk.h: the walk of explore_main.c: its nodes, and every result that a
 * step can have.
 */
#ifndef SPLITTER_EXPLORE_WALK_H
#define SPLITTER_EXPLORE_WALK_H

#include "splitter/core/tests/explored.h"
#include "splitter/core/tests/witness.h"

struct walk_bounds {
	uint64_t dump_blocks, part_blocks, buffer_blocks;
	uint32_t volumes, max_failed_volumes, fill_percent;
	/* number of bytes that arrive, or are cached, at once */
	uint32_t grain_bytes;
	uint32_t cache, streaming;
	size_t causes;     /* maximum number of write failures */
	size_t tape_moved; /* maximum number of these with a wrong position */
};

extern struct walk {
	struct walk_bounds b;
	struct explored *explored;
	uint64_t transitions, repeats, outcomes[4];
} walk;

/*
 * How many causes of failure a write has in a short walk and in longer ones; all
 * of them.
 */
enum { WALK_CAUSES_FEW = 2, WALK_CAUSES_MORE = 6, WALK_CAUSES = 17 };

/* Adds a node; returns its number. */
uint32_t walk_reach(struct node *node);

/*
 * Applies a result of the step in progress to a copy of the node.  Returns the
 * number of the new node.
 */
uint32_t walk_give_result(const struct node *from, struct core_result result);

/* Gives the step in progress every result that the types allow. */
void walk_give_all_results(const struct node *from);

#endif

/* explore_walk.c: see explore_walk.h. */
#include "splitter/core/tests/explore_walk.h"

struct walk walk;

uint32_t walk_reach(struct node *n)
{
	walk.transitions++;
	if (core_released(&n->core) > n->w.ring_lo)
		n->w.ring_lo = core_released(&n->core);
	witness_check_node(n);
	return explored_add(walk.explored, n);
}

uint32_t walk_give_result(const struct node *from, struct core_result r)
{
	struct node n = *from;

	witness_record_result(&n, &r);
	core_done(&n.core, &r);
	return walk_reach(&n);
}

static void give_cause(const struct node *from, enum tape_cause cause,
    bool leom, uint64_t bytes)
{
	struct core_result r = { .cause = cause, .leom = leom, .bytes = bytes };

	walk_give_result(from, r);
}

/*
 * Every cause except TAPE_OK.  The short walk uses only the first few causes
 * for writes, because the core distinguishes the others only by its table of
 * causes.
 */
static const enum tape_cause causes[] = { TAPE_PEOM, TAPE_HARDWARE_ERROR,
	TAPE_MEDIUM_ERROR, TAPE_POSITION_LOST, TAPE_UNKNOWN_ERROR, TAPE_REFUSED,
	TAPE_CACHE_ERROR, TAPE_NO_VOLUME, TAPE_CANCELLED, TAPE_PRODUCER_FAILED,
	TAPE_STORAGE_FAILED, TAPE_DEFERRED_ERROR, TAPE_WRITE_PROTECTED,
	TAPE_BLANK, TAPE_FILEMARK, TAPE_EOD, TAPE_INVALID };
_Static_assert(sizeof causes / sizeof *causes == WALK_CAUSES,
    "each cause is in the table");

/*
 * Gives a LOAD every combination of results that the types allow: a failure may
 * also report LEOM.
 */
static void give_results_of_load(const struct node *from)
{
	size_t i;
	int way;

	for (way = 0; way < 8; way++) {
		struct core_result r = {
			.leom = way & 1, .append = way & 2, .lost = way & 4
		};

		for (i = 0; i < WALK_CAUSES; i++) {
			r.cause = causes[i];
			walk_give_result(from, r);
		}
		r.cause = TAPE_OK;
		if (!r.lost)
			walk_give_result(from, r);
	}
}

/*
 * Gives a failure for each of the first `count` causes, with this number of
 * bytes taken.
 */
static void give_failures(const struct node *from, size_t count, uint64_t bytes)
{
	size_t i;
	int way;

	for (i = 0; i < count; i++)
		for (way = 0; way < (i < walk.b.tape_moved ? 4 : 2); way++) {
			struct core_result r = { .cause = causes[i],
				.bytes = bytes,
				.leom = way & 1,
				.tape_moved = way & 2 };

			walk_give_result(from, r);
		}
}

/* Gives every result to a step that takes no bytes of the dump. */
static void give_results(const struct node *from, size_t count)
{
	give_cause(from, TAPE_OK, false, 0);
	give_cause(from, TAPE_OK, true, 0);
	give_failures(from, count, 0);
}

static void give_results_of_write(const struct node *from)
{
	const struct core *c = &from->core;
	uint64_t t = c->out_progress;

	for (;;) {
		/* A success without bytes is TAPE_UNKNOWN_ERROR */
		if (t > 0 || walk.b.causes == WALK_CAUSES)
			give_cause(from, TAPE_OK, false, t);
		give_cause(from, TAPE_OK, true, t);
		give_failures(from, walk.b.causes, t);
		if (from->w.replay)
			give_cause(from, TAPE_CACHE_ERROR, false, t);
		if (t == c->out_bytes)
			break;
		t = t + EXPLORED_BLOCK < c->out_bytes ? t + EXPLORED_BLOCK
						      : c->out_bytes;
	}
	if (c->out_progress < c->out_bytes) {
		struct node n = *from;
		uint64_t left = c->out_bytes - c->out_progress;

		core_progress(&n.core,
		    left < EXPLORED_BLOCK ? left : EXPLORED_BLOCK);
		if (n.core.attempted > n.w.consumed)
			n.w.consumed = n.core.attempted;
		walk_reach(&n);
	}
}

void walk_give_all_results(const struct node *from)
{
	struct core_result r = { .cause = TAPE_OK };
	size_t i;

	switch (from->core.out) {
	case CORE_LOAD:
		give_results_of_load(from);
		break;
	case CORE_WRITE:
		give_results_of_write(from);
		break;
	case CORE_VERIFY:
		walk_give_result(from, r);
		r.lost = true;
		for (; r.safe_bytes <= from->core.committed;
		     r.safe_bytes += EXPLORED_BLOCK)
			walk_give_result(from, r);
		break;
	case CORE_REPORT:
		for (i = SPLITTER_CONTINUE; i <= SPLITTER_GIVE_UP; i++) {
			r.decision = (enum splitter_decision)i;
			walk_give_result(from, r);
		}
		break;
	case CORE_CLOSE:
		walk_give_result(from, r);
		break;
	case CORE_END_RECORD:
		give_results(from, WALK_CAUSES);
		break;
	default: /* LABEL, HEADER, FINISH */
		give_results(from, walk.b.causes);
		break;
	}
}

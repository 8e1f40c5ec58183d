/* random_case.c: random cases from a seed, for a reference to judge. */
#include "sim/run/virtual/tests/random_case.h"

#include <string.h>

enum { BLOCK = 4096, DUMP_BLOCKS = 60 };

struct draw {
	uint64_t seed, index;
};

/* Returns a number from 0 to n - 1. */
static uint64_t draw(struct draw *d, uint64_t n)
{
	return trial_number(d->seed, d->index++) % n;
}

static void draw_core(struct draw *d, struct core_config *k)
{
	k->block_bytes = BLOCK;
	k->cache = (uint32_t)draw(d, 4);
	k->part_bytes = draw(d, 9) * BLOCK;
	if (k->part_bytes > 0 && draw(d, 4) == 0)
		k->part_bytes -= draw(d, BLOCK);
	if (k->part_bytes == 0 &&
	    (k->cache == SPLITTER_CACHE_MEMORY ||
		k->cache == SPLITTER_CACHE_SPOOL))
		k->part_bytes = (1 + draw(d, 20)) * BLOCK;
	k->buffer_bytes =
	    draw(d, 3) == 0 ? draw(d, 3 * BLOCK) : (2 + draw(d, 40)) * BLOCK;
	k->start_fill_bytes = draw(d, k->buffer_bytes + BLOCK);
	k->streaming = (uint32_t)draw(d, 3);
	k->max_failed_volumes = 1 + (uint32_t)draw(d, 4);
	k->max_volumes = draw(d, 6) ? 0 : 1 + (uint32_t)draw(d, 6);
}

static void draw_tapes(struct draw *d, struct memtape_config *k)
{
	/* The capacity is mostly whole blocks, sometimes a little more. */
	k->capacity_bytes = (1 + draw(d, 16)) * BLOCK;
	if (draw(d, 4) == 0)
		k->capacity_bytes = (8 + draw(d, 60)) * BLOCK;
	if (draw(d, 5) == 0)
		k->capacity_bytes += draw(d, BLOCK);
	k->warning_bytes = MEMTAPE_NO_WARNING;
	if (draw(d, 2) && k->capacity_bytes >= 4 * BLOCK)
		k->warning_bytes = draw(d, 4 * BLOCK + 1);
	k->volumes = 1 + (unsigned)draw(d, 20);
	k->drives = 1 + (unsigned)draw(d, 3);
	k->block_bytes = BLOCK;
	/*
	 * Each volume is a little smaller than the previous one, as used media
	 * may be.
	 */
	if (draw(d, 3) == 0) {
		k->shrink_bytes = 1 + draw(d, 3 * BLOCK);
		k->least_bytes = k->warning_bytes == MEMTAPE_NO_WARNING
		    ? BLOCK
		    : k->warning_bytes + BLOCK;
	}
}

static enum tape_cause draw_cause(struct draw *d, enum memtape_what what)
{
	static const enum tape_cause causes[] = { TAPE_OK, TAPE_PEOM,
		TAPE_MEDIUM_ERROR, TAPE_DEFERRED_ERROR, TAPE_HARDWARE_ERROR,
		TAPE_POSITION_LOST, TAPE_UNKNOWN_ERROR, TAPE_UNKNOWN_ERROR };
	static const enum tape_cause of_load[] = { TAPE_MEDIUM_ERROR,
		TAPE_HARDWARE_ERROR, TAPE_UNKNOWN_ERROR };

	if (draw(d, 20) == 0)
		return TAPE_STORAGE_FAILED;
	if (what == MEMTAPE_LOAD)
		return of_load[draw(d, 3)];
	if (what == MEMTAPE_LABEL && draw(d, 4) == 0)
		return TAPE_WRITE_PROTECTED;
	return causes[draw(d, sizeof causes / sizeof *causes)];
}

static void draw_failure(struct draw *d, struct memtape_failure *f)
{
	static const enum memtape_what whats[] = { MEMTAPE_BLOCK, MEMTAPE_BLOCK,
		MEMTAPE_BLOCK, MEMTAPE_HEADER, MEMTAPE_HEADER, MEMTAPE_FILEMARK,
		MEMTAPE_FILEMARK, MEMTAPE_LABEL, MEMTAPE_LOAD };

	f->what = whats[draw(d, sizeof whats / sizeof *whats)];
	f->nth = 1 +
	    draw(d,
		f->what == MEMTAPE_BLOCK          ? 40
		    : f->what <= MEMTAPE_FILEMARK ? 12
						  : 5);
	f->cause = draw_cause(d, f->what);
	f->for_good = draw(d, 5) == 0;
}

static void draw_feed(struct draw *d, struct trial_virtual *how)
{
	how->payload = draw(d, 4) != 0;
	how->size_known = draw(d, 2);
	how->feed.kind = draw(d, 3) != 0 ? FEED_RATES : FEED_UNLIMITED;
	how->feed.open = draw(d, 2);
	how->feed.rate_bytes_per_s.min = 1 + draw(d, 1 << 20);
	how->feed.rate_bytes_per_s.max =
	    how->feed.rate_bytes_per_s.min + draw(d, 1 << 20);
	how->feed.every_ns = 1000000000;
	how->feed.seed = d->seed;
	if (draw(d, 2)) {
		how->spool.bytes_per_s = draw(d, 1 << 20);
		how->spool.latency_ns = draw(d, 1 << 24);
	}
}

void random_case_draw(struct reference_case *c, uint64_t seed, uint64_t number)
{
	struct draw d = { trial_number(seed, number), 0 };
	struct trial *t = &c->trial;
	unsigned i;

	memset(c, 0, sizeof *c);
	t->seed = d.seed >> 1;
	draw_core(&d, &t->core);
	draw_tapes(&d, &t->tapes);
	t->dump_bytes = draw(&d, 20) == 0 ? 0 : draw(&d, DUMP_BLOCKS) * BLOCK;
	if (draw(&d, 2))
		t->dump_bytes += draw(&d, BLOCK);
	t->tapes.failure_count = (unsigned)draw(&d, REFERENCE_FAILURES + 1);
	for (i = 0; i < t->tapes.failure_count; i++)
		draw_failure(&d, &c->failures[i]);
	draw_feed(&d, &c->how);
	/* A cache on disk needs payload. */
	if (t->core.cache > SPLITTER_CACHE_MEMORY)
		c->how.payload = true;
	t->tapes.no_payload = !c->how.payload && draw(&d, 2);
}

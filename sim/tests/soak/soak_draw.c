/* soak_draw.c: draws a scenario from a seed. */
#include "sim/tests/soak/soak_case.h"

#include <string.h>

#include "sim/tests/soak/soak_dice.h"

static void draw_library(struct soak_dice *d, struct soak_case *c)
{
	static const char *const models[] = { "instant", "instant", "lto1",
		"lto8", "lto9", "dlt8000" };
	bool alike = !now_and_then(d, 3);
	size_t i;

	c->drives_count = 1 + draw(d, SOAK_DRIVES);
	for (i = 0; i < c->drives_count; i++)
		c->drives[i] = models[draw(d, sizeof models / sizeof *models)];
	/*
	 * Usually there are few volumes: creating a volume is slower than
	 * writing it.
	 */
	c->volumes_count = 1 + draw(d, 1 + draw(d, SOAK_VOLUMES));
	for (i = 0; i < c->volumes_count; i++) {
		struct soak_volume *v = &c->volumes[i];

		if (alike && i > 0) {
			*v = c->volumes[0];
			continue;
		}
		v->capacity_bytes = (2 + draw(d, 18)) * c->block_bytes;
		if (now_and_then(d, 4))
			v->capacity_bytes += draw(d, 50) * c->block_bytes;
		if (now_and_then(d, 5))
			v->capacity_bytes += draw(d, c->block_bytes);
		if (draw(d, 2))
			v->warning_bytes = draw(d, 4 * c->block_bytes);
	}
	/* Often there is enough room at the end. */
	if (draw(d, 2))
		c->volumes[i - 1].capacity_bytes += 100 * c->block_bytes;
	c->raw = now_and_then(d, c->cache > SPLITTER_CACHE_MEMORY ? 2 : 4);
}

static void draw_dump(struct soak_dice *d, struct soak_case *c)
{
	c->zeros = now_and_then(d, 6);
	c->dump_bytes = now_and_then(d, 30)
	    ? 0
	    : draw(d, now_and_then(d, 6) ? 200 : 60) * c->block_bytes;
	if (draw(d, 2))
		c->dump_bytes += draw(d, c->block_bytes);
	if (now_and_then(d, 3))
		return;
	/* In real time the test waits for a slow producer. */
	c->rate_min_bytes_per_s = c->real
	    ? 50000000 + draw(d, 1 << 30)
	    : 1 + draw(d, UINT64_C(1) << (4 + draw(d, 26)));
	c->rate_max_bytes_per_s = c->rate_min_bytes_per_s;
	if (draw(d, 2))
		c->rate_max_bytes_per_s += draw(d, 2 * c->rate_min_bytes_per_s);
	if (now_and_then(d, 3)) {
		c->feed = 1 + (unsigned)draw(d, SOAK_FEEDS);
		c->feed_open = draw(d, 2);
	}
}

static void draw_cache(struct soak_dice *d, struct soak_case *c)
{
	uint64_t at = 0;

	c->cache = (enum splitter_cache)draw(d, 4);
	c->part_bytes = draw(d, 12) * c->block_bytes;
	if (now_and_then(d, 4))
		c->part_bytes += draw(d, c->block_bytes);
	c->spool_here = now_and_then(d, 4);
	if (now_and_then(d, 3))
		c->spool_bytes = (1 + draw(d, 30)) * c->block_bytes +
		    draw(d, 2) * draw(d, c->block_bytes);
	if (draw(d, 2))
		c->slices_count = draw(d, SOAK_SLICES + 1);
	for (size_t i = 0; i < c->slices_count; i++) {
		at += 1 + draw(d, draw(d, 2) ? 9 * c->block_bytes : 4000);
		c->slices[i] = at;
	}
}

static void draw_splitter(struct soak_dice *d, struct soak_case *c)
{
	c->block_bytes = now_and_then(d, 3) ? 4096 + draw(d, 9000) : 4096;
	c->buffer_bytes = now_and_then(d, 3)
	    ? draw(d, 3 * c->block_bytes)
	    : (2 + draw(d, 40)) * c->block_bytes;
	c->has_streaming = draw(d, 2);
	c->streaming = (enum splitter_streaming)draw(d, 3);
	c->start_fill_percent = draw(d, 2) ? 100 : 1 + (unsigned)draw(d, 100);
	c->max_volumes = draw(d, 6) ? 0 : 1 + (uint32_t)draw(d, 6);
	c->max_failed_volumes = draw(d, 2) ? 3 : 1 + (uint32_t)draw(d, 4);
	draw_cache(d, c);
}

static const struct sense_event *draw_sense(struct soak_dice *d)
{
	static const char *const names[] = { "medium_error", "medium_error",
		"read_error", "eod_not_found", "cartridge_fault",
		"unknown_format", "position_lost", "reset", "medium_changed",
		"hardware_error", "hardware_error", "positioning_error",
		"load_failed", "volume_overflow", "volume_overflow",
		"write_protected", "worm_overwrite", "unable_to_decrypt",
		"security_error", "becoming_ready", "becoming_ready",
		"no_medium" };

	return sense_find(names[draw(d, sizeof names / sizeof *names)]);
}

static enum tape_cause draw_cause(struct soak_dice *d)
{
	static const enum tape_cause causes[] = { TAPE_MEDIUM_ERROR,
		TAPE_MEDIUM_ERROR, TAPE_PEOM, TAPE_DEFERRED_ERROR,
		TAPE_HARDWARE_ERROR, TAPE_POSITION_LOST, TAPE_UNKNOWN_ERROR,
		TAPE_UNKNOWN_ERROR, TAPE_WRITE_PROTECTED };

	return causes[draw(d, sizeof causes / sizeof *causes)];
}

static void draw_fault(struct soak_dice *d, const struct soak_case *c,
    struct scenario_fault *f)
{
	static const enum scenario_fail fails[] = { FAIL_WRITE, FAIL_WRITE,
		FAIL_WRITE, FAIL_BLOCK, FAIL_BLOCK, FAIL_BLOCK, FAIL_BLOCK,
		FAIL_HEADER, FAIL_HEADER, FAIL_FILEMARK, FAIL_FILEMARK,
		FAIL_LABEL, FAIL_LOAD, FAIL_STALL, FAIL_STALL };

	memset(f, 0, sizeof *f);
	f->fail = now_and_then(d, 20) ? FAIL_PRODUCER
	    : now_and_then(d, 20)
	    ? FAIL_CANCEL
	    : fails[draw(d, sizeof fails / sizeof *fails)];
	if (c->cache == SPLITTER_CACHE_SPOOL && now_and_then(d, 4))
		f->fail =
		    now_and_then(d, 3) ? FAIL_SPOOL_WRITE : FAIL_SPOOL_READ;
	if (c->cache == SPLITTER_CACHE_SLICES && now_and_then(d, 3))
		f->fail =
		    now_and_then(d, 4) ? FAIL_SLICE_ANNOUNCEMENT : FAIL_SLICE;
	f->once = draw(d, 4) != 0;
	f->nth = 1 +
	    draw(d,
		f->fail == FAIL_BLOCK                               ? 50
		    : f->fail == FAIL_LABEL || f->fail == FAIL_LOAD ? 5
								    : 12);
	if (f->fail == FAIL_SLICE || f->fail == FAIL_SLICE_ANNOUNCEMENT)
		f->nth = 1 + draw(d, c->slices_count + 1);
	f->volume = 1 + draw(d, c->volumes_count);
	f->at_bytes = draw(d,
	    f->fail == FAIL_WRITE ? c->volumes[f->volume - 1].capacity_bytes
				  : c->dump_bytes + 1);
	f->sense = draw_sense(d);
	f->cause = draw_cause(d);
	f->slice_mode = (enum scenario_slice_mode)draw(d, 3);
	f->duration_ns = (int64_t)draw(d, c->real ? 1000000 : 1000000000000);
	f->after_ns = -1;
	if (f->fail == FAIL_CANCEL && draw(d, 2))
		f->after_ns = (int64_t)draw(d,
		    c->real ? 10000000 : UINT64_C(1) << (20 + draw(d, 20)));
}

/*
 * Adds a failed attempt: a fault of a cache shows only if a part is written
 * again.
 */
static void draw_retry(struct soak_dice *d, struct soak_case *c)
{
	struct scenario_fault *f = &c->faults[c->faults_count];
	enum scenario_fail last = c->faults_count > 0 ? f[-1].fail : FAIL_STALL;

	if ((last != FAIL_SLICE && last != FAIL_SLICE_ANNOUNCEMENT &&
		last != FAIL_SPOOL_READ && last != FAIL_SPOOL_WRITE) ||
	    c->faults_count == SOAK_FAULTS)
		return;
	c->faults_count++;
	memset(f, 0, sizeof *f);
	f->fail = FAIL_BLOCK;
	f->nth = 1 + draw(d, 40);
	f->cause = TAPE_MEDIUM_ERROR;
	f->once = true;
}

void soak_draw(struct soak_case *c, uint64_t seed)
{
	struct soak_dice d = { seed, 0, RNG_CASES };

	memset(c, 0, sizeof *c);
	c->seed = seed;
	c->real = now_and_then(&d, 6);
	c->twice = !c->real && now_and_then(&d, 4);
	draw_splitter(&d, c);
	draw_library(&d, c);
	draw_dump(&d, c);
	c->faults_count = draw(&d, 1 + draw(&d, SOAK_FAULTS + 1));
	for (size_t i = 0; i < c->faults_count; i++)
		draw_fault(&d, c, &c->faults[i]);
	draw_retry(&d, c);
	soak_tidy(c);
}

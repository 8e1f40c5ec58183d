/* scheduled_dump.c: one dump through the engine, under a schedule. */
#include "splitter/tests/schedule/scheduled_dump.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/buffer/sync.h"
#include "splitter/tests/schedule/schedule.h"

#define BLOCK ((uint64_t)SCHEDULED_BLOCK_BYTES)

/* Returns the bytes of every dump. */
static const unsigned char *source(void)
{
	static unsigned char *bytes;

	if (bytes == NULL)
		bytes = trial_source(0, SCHEDULED_DUMP_BYTES);
	return bytes;
}

struct dice {
	uint64_t seed, thrown;
};

static uint64_t below(struct dice *dice, uint64_t n)
{
	return trial_number(dice->seed, ++dice->thrown) % n;
}

static void draw_plain(struct scheduled_dump *d, struct dice *dice,
    enum splitter_cache cache)
{
	memset(d, 0, sizeof *d);
	d->t = (struct trial){
		.core = { .block_bytes = BLOCK,
		    .buffer_bytes = 2 * BLOCK,
		    .part_bytes = BLOCK * (1 + below(dice, 3)),
		    .cache = cache,
		    .streaming = (uint32_t)below(dice, 3),
		    .start_fill_bytes = BLOCK * (1 + below(dice, 2)),
		    .max_failed_volumes = 2 },
		.tapes = { .drives = 1,
		    .volumes = 1,
		    .block_bytes = BLOCK,
		    .capacity_bytes = MEMTAPE_ENDLESS,
		    .warning_bytes = MEMTAPE_NO_WARNING },
		.dump_bytes = BLOCK * below(dice, 7),
		.seed = dice->seed,
	};
	d->t.dump_bytes += below(dice, 2) * below(dice, BLOCK);
	d->reserves = below(dice, 2) == 0;
	d->piece_max_bytes = 1 + below(dice, 3 * BLOCK);
	if (d->piece_max_bytes < BLOCK / 4)
		d->piece_max_bytes = BLOCK / 4;
	d->spool_bytes = 8 * BLOCK;
	d->spool_pauses = (unsigned)below(dice, 4);
}

void scheduled_plain(struct scheduled_dump *d, uint64_t number,
    enum splitter_cache cache)
{
	struct dice dice = { .seed = number };

	draw_plain(d, &dice, cache);
}

static void draw_faults(struct scheduled_dump *d, struct dice *dice)
{
	static const enum tape_cause causes[] = { TAPE_OK, TAPE_PEOM,
		TAPE_MEDIUM_ERROR, TAPE_DEFERRED_ERROR, TAPE_HARDWARE_ERROR,
		TAPE_POSITION_LOST };
	unsigned i;

	d->t.tapes.volumes = (unsigned)(1 + below(dice, 4));
	if (below(dice, 2) == 0) {
		d->t.tapes.capacity_bytes = BLOCK * (3 + below(dice, 5));
		if (below(dice, 2) == 0)
			d->t.tapes.warning_bytes = BLOCK * below(dice, 3);
	}
	d->t.tapes.failure_count = (unsigned)below(dice, 3);
	for (i = 0; i < d->t.tapes.failure_count; i++)
		d->failures[i] = (struct memtape_failure){
			.what =
			    (enum memtape_what)below(dice, MEMTAPE_LABEL + 1),
			.nth = 1 + below(dice, 6),
			.cause =
			    causes[below(dice, sizeof causes / sizeof *causes)],
		};
}

void scheduled_any(struct scheduled_dump *d, uint64_t number,
    enum splitter_cache cache)
{
	struct dice dice = { .seed = number };

	draw_plain(d, &dice, cache);
	if (below(&dice, 2) == 0)
		draw_faults(d, &dice);
	if (below(&dice, 4) == 0) {
		d->cancels = true;
		d->cancel_after = (unsigned)below(&dice, 60);
	}
	if (below(&dice, 6) == 0) {
		d->fails = true;
		d->fail_bytes = below(&dice, d->t.dump_bytes + 1);
	}
	if (cache == SPLITTER_CACHE_SPOOL && below(&dice, 3) == 0)
		d->spool_bytes = BLOCK * (1 + below(&dice, 3));
	if (cache == SPLITTER_CACHE_SPOOL && below(&dice, 3) == 0)
		d->spool_fail_nth = 1 + below(&dice, 5);
}

/*
 * Returns whether the spool never fails: it has no fault, and room for a part
 * and a buffer.
 */
static bool spool_suffices(const struct scheduled_dump *d)
{
	return d->spool_fail_nth == 0 &&
	    d->spool_bytes >= d->t.core.part_bytes + d->t.core.buffer_bytes;
}

bool scheduled_is_certain(const struct scheduled_dump *d)
{
	return !d->cancels && !d->fails &&
	    (d->t.core.cache != SPLITTER_CACHE_SPOOL || spool_suffices(d));
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Returns whether the drive that hangs may continue. */
static bool may_go_on(void *arg)
{
	const struct scheduled_dump *d = arg;

	switch (d->hold) {
	case HOLD_UNTIL_PRODUCER_ENDS:
		return d->producer_ended;
	case HOLD_UNTIL_BUFFER_FULL:
		return d->pushed >=
		    least(d->t.dump_bytes,
			(d->at_nth - 1) * BLOCK + d->t.core.buffer_bytes);
	case HOLD_UNTIL_SPOOLED:
		return slow_spool_has(&d->spool,
		    d->end_sent ? d->pushed : d->pushed - d->pushed % BLOCK);
	default:
		return true;
	}
}

static void at_operation(void *arg, enum memtape_what what, uint64_t nth)
{
	struct scheduled_dump *d = arg;

	d->at_nth = nth;
	if (d->hold != HOLD_NOT && what == d->hold_what &&
	    (d->hold_nth == 0 || nth == d->hold_nth))
		schedule_until(may_go_on, d, "tape: the drive is stuck");
	else
		schedule_point("tape: before an operation");
}

static void after_step(void *arg, const struct dump_sample *m)
{
	struct scheduled_dump *d = arg;

	(void)m;
	slow_spool_step(&d->spool, d->course.warnings > d->warnings);
	d->warnings = d->course.warnings;
}

/*
 * Pushes `bytes`, or reserves and commits them.  Returns how many bytes were
 * taken.
 */
static uint64_t bring(struct scheduled_dump *d, uint64_t bytes)
{
	const unsigned char *from = source() + d->pushed;
	uint64_t room;
	void *place;

	if (!d->reserves)
		return engine_push(d->engine, from, bytes);
	place = engine_reserve(d->engine, &room);
	if (place == NULL)
		return 0;
	bytes = least(bytes, room);
	schedule_point("producer: before it fills what it reserved");
	memcpy(place, from, bytes);
	engine_commit(d->engine, bytes);
	return bytes;
}

static void *produce(void *arg)
{
	struct scheduled_dump *d = arg;
	uint64_t end = d->fails ? d->fail_bytes : d->t.dump_bytes;
	uint64_t taken = 1, i = 0;

	while (d->pushed < end && taken > 0) {
		taken = bring(d,
		    least(end - d->pushed,
			1 + trial_number(d->t.seed, i++) % d->piece_max_bytes));
		d->pushed += taken;
	}
	d->end_sent = true;
	if (d->fails)
		engine_fail(d->engine);
	else
		engine_eof(d->engine);
	d->producer_ended = true;
	return NULL;
}

static void *cancel(void *arg)
{
	struct scheduled_dump *d = arg;
	unsigned i;

	for (i = 0; i < d->cancel_after; i++)
		schedule_point("before the cancel");
	engine_cancel(d->engine);
	d->cancelled_before = !d->end_sent;
	return NULL;
}

/* Returns what is wrong with the outcome; NULL: nothing. */
static const char *judge(const struct scheduled_dump *d,
    const struct dump_run_outcome *o)
{
	bool faults = d->t.tapes.failure_count > 0 ||
	    d->t.tapes.capacity_bytes != MEMTAPE_ENDLESS;

	if (o->accepted_bytes > d->pushed)
		return "more was accepted than pushed";
	switch (o->outcome) {
	case SPLITTER_DONE:
		if (d->fails || d->cancelled_before)
			return "DONE, but it was stopped";
		return o->safe_bytes == d->t.dump_bytes
		    ? NULL
		    : "DONE, but not all is safe";
	case SPLITTER_PARTIAL:
		return faults ? NULL : "PARTIAL without a fault";
	case SPLITTER_FAILED:
		if (o->cause == TAPE_CANCELLED)
			return d->cancels ? NULL : "it was not cancelled";
		return d->fails && o->cause == TAPE_PRODUCER_FAILED
		    ? NULL
		    : "the producer did not fail";
	default:
		return "no outcome";
	}
}

/* Runs the tasks, from the first to the last. */
static void run_tasks(struct scheduled_dump *d,
    const struct dump_run_config *config, struct trial_result *r)
{
	struct sync_thread producer, canceller;

	d->engine = engine_start(config, r->wrong, sizeof r->wrong);
	if (d->engine == NULL)
		return;
	if (sync_start(&producer, produce, d, "producer") != 0)
		abort();
	if (d->cancels && sync_start(&canceller, cancel, d, "canceller") != 0)
		abort();
	sync_join(&producer);
	engine_wait(d->engine, &r->outcome);
	if (d->cancels)
		sync_join(&canceller);
	engine_free(d->engine);
}

void scheduled_play(struct scheduled_dump *d, uint64_t seed,
    struct trial_result *r)
{
	bool spools = d->t.core.cache == SPLITTER_CACHE_SPOOL;
	struct dump_run_config config;
	struct memtape *tapes;
	const char *wrong;

	memset(r, 0, sizeof *r);
	d->t.tapes.failures = d->failures;
	d->t.tapes.hook = at_operation;
	d->t.tapes.hook_arg = d;
	d->course = (struct course){ .on_step = after_step, .on_step_arg = d };
	d->pushed = d->warnings = 0;
	d->end_sent = d->producer_ended = d->cancelled_before = false;
	tapes = memtape_new(&d->t.tapes);
	trial_config(&d->t, tapes, &d->course, &config);
	if (spools) {
		slow_spool_init(&d->spool, d->spool_bytes, d->spool_pauses,
		    d->spool_fail_nth);
		config.cache = &d->spool.base;
	}
	schedule_begin(seed);
	run_tasks(d, &config, r);
	d->trace = schedule_end();
	if (spools)
		slow_spool_clear(&d->spool);
	trial_ended(&d->t, tapes, &d->course, source(), r);
	wrong = judge(d, &r->outcome);
	if (r->wrong[0] == '\0' && wrong != NULL)
		snprintf(r->wrong, sizeof r->wrong, "%s", wrong);
}

/*
 * check_schedules.c: in whatever order the engine's threads run, the dump ends,
 * and the safe bytes are those that were pushed.
 *
 * SCHEDULE_SEED=N plays only the schedules of that seed; SCHEDULE_TIMES=N plays
 * N times as many.  SCHEDULE_PART=N plays an Nth of them; without it, a third.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "splitter/buffer/spool.h"
#include "splitter/buffer/sync.h"
#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/suite_number.h"
#include "splitter/tests/schedule/schedule.h"
#include "splitter/tests/schedule/scheduled_dump.h"

enum {
	BLOCK = SCHEDULED_BLOCK_BYTES,
	ALIKE = 4 /* number of schedules of each dump */
};

/*
 * Counts of all schedules.  Each test runs in a process of its own and adds to
 * the counts.
 */
static struct played {
	uint64_t schedules, draws;
} * played;

/* The seeds to play: [0, count), or only the requested seed. */
struct seeds {
	uint64_t at, end;
};

static struct seeds seeds(uint64_t count)
{
	struct seeds s = { 0,
		count * suite_number("SCHEDULE_TIMES", 1) /
		    suite_number("SCHEDULE_PART", 3 * part_step(3)) };

	s.at = suite_number("SCHEDULE_SEED", s.at);
	if (getenv("SCHEDULE_SEED") != NULL)
		s.end = s.at + 1;
	return s;
}

static void play(struct scheduled_dump *d, uint64_t seed,
    struct trial_result *r)
{
	uint64_t draws = schedule_drawn();

	scheduled_play(d, seed, r);
	played->schedules++;
	played->draws += schedule_drawn() - draws;
	ck_assert_msg(r->wrong[0] == '\0', "seed %" PRIu64 ": %s", seed,
	    r->wrong);
}

static const enum splitter_cache caches[] = { SPLITTER_CACHE_NONE,
	SPLITTER_CACHE_MEMORY, SPLITTER_CACHE_SPOOL };

/*
 * _i is the part cache.  Expected: if a cancel cuts short a producer's push and
 * the producer then calls engine_eof, the dump is FAILED.  Bug: the dump was
 * DONE if all accepted bytes were committed.
 */
START_TEST(any_schedule_has_the_same_end)
{
	struct scheduled_dump d;
	static struct trial_result r;
	char text[256], before[256];
	struct seeds s;

	for (s = seeds(8000); s.at < s.end; s.at++) {
		scheduled_any(&d, s.at / ALIKE, caches[_i]);
		play(&d, s.at, &r);
		trial_text(&r, text, sizeof text);
		if (s.at % ALIKE == 0)
			strcpy(before, text);
		else if (scheduled_is_certain(&d) && s.end > s.at + 1)
			ck_assert_msg(strcmp(text, before) == 0,
			    "seed %" PRIu64 ": %s; before: %s; %s", s.at, text,
			    before, r.outcome.cache_message);
	}
}
END_TEST

/*
 * Tests invariant 4 of engine.h: a cancel releases the producer whatever the
 * device does.
 */
START_TEST(cancel_releases_the_producer_while_the_drive_hangs)
{
	struct scheduled_dump d;
	static struct trial_result r;
	struct seeds s;

	for (s = seeds(1000); s.at < s.end; s.at++) {
		scheduled_plain(&d, s.at / ALIKE, caches[_i]);
		d.t.dump_bytes = 12 * BLOCK;
		d.cancels = true;
		d.cancel_after = (unsigned)(s.at % 80);
		d.hold = HOLD_UNTIL_PRODUCER_ENDS;
		d.hold_what = (enum memtape_what)(s.at % (MEMTAPE_LOAD + 1));
		d.hold_nth = 1;
		play(&d, s.at, &r);
	}
}
END_TEST

/*
 * The bytes of a run that the tape has taken become room before the run is
 * done.
 */
START_TEST(the_producer_continues_during_a_run)
{
	struct scheduled_dump d;
	static struct trial_result r;
	struct seeds s;

	for (s = seeds(400); s.at < s.end; s.at++) {
		scheduled_plain(&d, s.at, SPLITTER_CACHE_NONE);
		d.reserves = true;
		d.t.core.buffer_bytes = 16 * BLOCK;
		d.t.core.part_bytes = s.at % 2 * 9 * BLOCK;
		d.t.dump_bytes = 30 * BLOCK + s.at % BLOCK;
		d.hold = HOLD_UNTIL_BUFFER_FULL;
		d.hold_what = MEMTAPE_BLOCK;
		play(&d, s.at, &r);
	}
}
END_TEST

/*
 * The spool also takes the short block at the end, and continues after a part
 * that was cut.
 */
START_TEST(the_spool_continues_while_the_drive_hangs)
{
	struct scheduled_dump d;
	static struct trial_result r;
	struct seeds s;

	for (s = seeds(3000); s.at < s.end; s.at++) {
		scheduled_plain(&d, s.at / ALIKE, SPLITTER_CACHE_SPOOL);
		d.spool_fail_nth = s.at % 5;
		d.hold = HOLD_UNTIL_SPOOLED;
		d.hold_what = (enum memtape_what)(s.at % (MEMTAPE_LOAD + 1));
		play(&d, s.at, &r);
		ck_assert_int_eq(r.outcome.outcome, SPLITTER_DONE);
	}
}
END_TEST

/*
 * Expected: blocks that are committed before the spool appends them fit. Bug:
 * the spool reported that it was full, and the part was cut.
 */
START_TEST(a_spool_that_the_tape_has_overtaken_is_not_full)
{
	static const char block[BLOCK];
	char err[256] = "";
	struct cache *spool =
	    spool_new(P_tmpdir, 0, 2 * BLOCK, err, sizeof err);

	ck_assert_msg(spool != NULL, "%s", err);
	spool->ops->forget(spool, 5 * BLOCK);
	ck_assert_int_eq(spool->ops->append(spool, 3 * BLOCK, block, BLOCK, err,
			     sizeof err),
	    0);
	ck_assert_int_eq(spool->ops->append(spool, 6 * BLOCK, block, BLOCK, err,
			     sizeof err),
	    0);
	ck_assert_int_ne(spool->ops->append(spool, 7 * BLOCK, block, BLOCK, err,
			     sizeof err),
	    0);
	spool->ops->free(spool);
}
END_TEST

/* Starts a dump on blank tapes; NULL if a thread cannot be created. */
static struct engine *begin(struct scheduled_dump *d, struct memtape *tapes,
    struct course *course, char *err, size_t err_bytes)
{
	struct dump_run_config config;

	trial_config(&d->t, tapes, course, &config);
	slow_spool_init(&d->spool, d->spool_bytes, d->spool_pauses, 0);
	config.cache = &d->spool.base;
	return engine_start(&config, err, err_bytes);
}

static void end(struct scheduled_dump *d, struct memtape *tapes,
    struct course *course)
{
	schedule_end();
	played->schedules++;
	slow_spool_clear(&d->spool);
	ck_assert_str_eq(memtape_complaint(tapes), "");
	memtape_free(tapes);
	course_clear(course);
}

/*
 * If the tape thread cannot be created, the spool thread is already running and
 * must be ended.
 */
START_TEST(a_thread_that_cannot_be_created_is_reported)
{
	struct course course = { 0 };
	struct scheduled_dump d;
	struct memtape *tapes;
	struct engine *engine;
	struct seeds s;
	char err[256];

	for (s = seeds(100); s.at < s.end; s.at++) {
		scheduled_plain(&d, s.at, SPLITTER_CACHE_SPOOL);
		tapes = memtape_new(&d.t.tapes);
		schedule_begin(s.at);
		schedule_refuse_start(1 + (unsigned)(s.at % 2));
		engine = begin(&d, tapes, &course, err, sizeof err);
		ck_assert_ptr_null(engine);
		ck_assert_str_eq(err,
		    "cannot start a thread: "
		    "Resource temporarily unavailable");
		end(&d, tapes, &course);
	}
}
END_TEST

/* The owner frees the engine without engine_eof and without engine_wait. */
START_TEST(free_without_an_end_ends)
{
	static const unsigned char data[2 * BLOCK];
	struct course course = { 0 };
	struct scheduled_dump d;
	struct memtape *tapes;
	struct engine *engine;
	struct seeds s;
	char err[256];

	for (s = seeds(300); s.at < s.end; s.at++) {
		scheduled_plain(&d, s.at, SPLITTER_CACHE_SPOOL);
		tapes = memtape_new(&d.t.tapes);
		schedule_begin(s.at);
		engine = begin(&d, tapes, &course, err, sizeof err);
		ck_assert_ptr_nonnull(engine);
		engine_push(engine, data, s.at % sizeof data);
		engine_free(engine);
		end(&d, tapes, &course);
	}
}
END_TEST

START_TEST(the_same_seed_gives_the_same_schedule)
{
	struct scheduled_dump d;
	static struct trial_result r;
	uint64_t seed, trace, others = 0;

	for (seed = 0; seed < 100; seed++) {
		scheduled_any(&d, seed, SPLITTER_CACHE_SPOOL);
		play(&d, seed, &r);
		trace = d.trace;
		play(&d, seed, &r);
		ck_assert_uint_eq(d.trace, trace);
		play(&d, seed + 100, &r);
		others += d.trace != trace;
	}
	ck_assert_uint_gt(others, 95);
}
END_TEST

static struct sync_lock lock;
static struct sync_cond cond;
static bool ready;

/*
 * A wait with an error: the check before the wait is made without the lock, so
 * the wake may be lost.
 */
static void *wait_carelessly(void *arg)
{
	bool wait = !ready;

	sync_lock(&lock);
	if (wait)
		sync_wait(&cond, &lock, "a careless one: ready");
	sync_unlock(&lock);
	return arg;
}

START_TEST(a_lost_wake_is_detected)
{
	struct sync_thread careless;
	uint64_t seed;

	/*
	 * The expected deadlock prints a message that would look like a
	 * failure.
	 */
	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
	for (seed = 0; seed < 1000; seed++) {
		schedule_begin(seed);
		ready = false;
		sync_lock_init(&lock);
		sync_cond_init(&cond);
		ck_assert_int_eq(sync_start(&careless, wait_carelessly, NULL,
				     "careless"),
		    0);
		sync_lock(&lock);
		ready = true;
		sync_signal(&cond);
		sync_unlock(&lock);
		sync_join(&careless);
		schedule_end();
	}
}
END_TEST

/* lost_wakeups.sh runs the case in which a fault is found soonest. */
static TCase *new_case(Suite *suite, const char *name)
{
	TCase *tc = tcase_create(name);

	tcase_set_timeout(tc, 600);
	suite_add_tcase(suite, tc);
	return tc;
}

static void add_dumps(Suite *suite)
{
	TCase *tc = new_case(suite, "dumps");

	tcase_add_loop_test(tc, any_schedule_has_the_same_end, 0, 2);
	tcase_add_loop_test(tc,
	    cancel_releases_the_producer_while_the_drive_hangs, 0, 3);
	tcase_add_test(tc, the_producer_continues_during_a_run);
	tcase_add_test(tc, the_same_seed_gives_the_same_schedule);

	tc = new_case(suite, "spool");
	tcase_add_loop_test(tc, any_schedule_has_the_same_end, 2, 3);
	tcase_add_test(tc, the_spool_continues_while_the_drive_hangs);
	tcase_add_test(tc, a_spool_that_the_tape_has_overtaken_is_not_full);

	tc = new_case(suite, "ends");
	tcase_add_test(tc, a_thread_that_cannot_be_created_is_reported);
	tcase_add_test(tc, free_without_an_end_ends);
}

/*
 * Makes the test case of the lost wake, which ends its process and therefore
 * runs in a process of its own.
 */
static TCase *proof(void)
{
	TCase *tc = tcase_create("proof");

	tcase_add_exit_test(tc, a_lost_wake_is_detected, SCHEDULE_STUCK);
	return tc;
}

int main(void)
{
	Suite *suite = suite_create("schedules");
	int status;

	played = mmap(NULL, sizeof *played, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (played == MAP_FAILED)
		return 1;
	add_dumps(suite);
	suite_add_tcase(suite, proof());
	status = run_suite(suite);
	printf("%" PRIu64 " schedules, %" PRIu64 " times another task's turn\n",
	    played->schedules, played->draws);
	return status;
}

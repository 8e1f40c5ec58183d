/*
 * check_engine.c: the engine's threads: the dump ends, whichever thread waits
 * for what.
 *
 * A tape can be held in the middle of an operation until the test releases it,
 * so no test depends on the speed of the machine.
 */
#include <check.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "splitter/tests/trial/trial.h"

enum { BLOCK = 4096, PART = 4 * BLOCK, DUMP = 10 * BLOCK + 99 };

/* Holds the tape thread at the nth operation of a kind. */
struct gate {
	enum memtape_what what;
	uint64_t nth; /* 0: the gate holds nothing */
	sem_t reached, open;
};

static void at_gate(void *arg, enum memtape_what what, uint64_t nth)
{
	struct gate *g = arg;

	if (what != g->what || nth != g->nth)
		return;
	sem_post(&g->reached);
	while (sem_wait(&g->open) != 0)
		;
}

/* An engine over tapes in memory, with everything that it needs. */
static struct stage {
	struct trial t;
	struct gate gate;
	struct memtape *tapes;
	struct course course;
	struct engine *engine;
	unsigned char *source;
	struct trial_result r;
	uint64_t pushed;
} s;

static void begin(enum memtape_what what, uint64_t nth, uint32_t cache)
{
	struct dump_run_config config;
	char err[256] = "";

	memset(&s, 0, sizeof s);
	s.gate.what = what;
	s.gate.nth = nth;
	sem_init(&s.gate.reached, 0, 0);
	sem_init(&s.gate.open, 0, 0);
	s.t = (struct trial){
		.core = { .block_bytes = BLOCK,
		    .part_bytes = PART,
		    .buffer_bytes = 3 * BLOCK,
		    .cache = cache,
		    .max_failed_volumes = 3 },
		.tapes = { .drives = 1,
		    .volumes = 4,
		    .block_bytes = BLOCK,
		    .capacity_bytes = MEMTAPE_ENDLESS,
		    .warning_bytes = MEMTAPE_NO_WARNING,
		    .hook = at_gate,
		    .hook_arg = &s.gate },
		.dump_bytes = DUMP,
	};
	s.tapes = memtape_new(&s.t.tapes);
	s.source = trial_source(0, DUMP);
	trial_config(&s.t, s.tapes, &s.course, &config);
	s.engine = engine_start(&config, err, sizeof err);
	ck_assert_msg(s.engine != NULL, "%s", err);
}

/* Waits for the end of the dump, and reads the safe bytes back. */
static void end(void)
{
	engine_wait(s.engine, &s.r.outcome);
	engine_free(s.engine);
	trial_ended(&s.t, s.tapes, &s.course, s.source, &s.r);
	free(s.source);
	sem_destroy(&s.gate.reached);
	sem_destroy(&s.gate.open);
	ck_assert_str_eq(s.r.wrong, "");
}

static void wait_gate(void)
{
	while (sem_wait(&s.gate.reached) != 0)
		;
}

static void *push_all(void *arg)
{
	(void)arg;
	s.pushed = engine_push(s.engine, s.source, DUMP);
	engine_eof(s.engine);
	return NULL;
}

static void *cancel(void *arg)
{
	(void)arg;
	engine_cancel(s.engine);
	return NULL;
}

static void ck_failed(enum tape_cause cause)
{
	ck_assert_int_eq(s.r.outcome.outcome, SPLITTER_FAILED);
	ck_assert_int_eq(s.r.outcome.cause, cause);
}

/*
 * The cancel comes after 0 bytes to two parts have arrived; the producer would
 * send more.
 */
START_TEST(cancel_ends_a_tape_that_waits_for_data)
{
	uint64_t bytes = (uint64_t)_i * (BLOCK / 2);
	pthread_t thread;

	begin(MEMTAPE_BLOCK, 0, (uint32_t)_i % 2);
	ck_assert_uint_eq(engine_push(s.engine, s.source, bytes), bytes);
	pthread_create(&thread, NULL, cancel, NULL);
	pthread_join(thread, NULL);
	end();
	ck_failed(TAPE_CANCELLED);
	ck_assert_uint_le(s.r.outcome.safe_bytes, bytes);
}
END_TEST

/*
 * At the cancel the tape thread has written all that it can and is about to
 * wait.
 */
START_TEST(cancel_after_a_short_last_block_commits_nothing)
{
	begin(MEMTAPE_BLOCK, 2, SPLITTER_CACHE_NONE);
	engine_push(s.engine, s.source, 2 * BLOCK + 7);
	wait_gate();
	sem_post(&s.gate.open);
	engine_cancel(s.engine);
	end();
	ck_failed(TAPE_CANCELLED);
	ck_assert_uint_eq(s.r.outcome.safe_bytes, 0);
}
END_TEST

/* The device hangs until the cancel has released the producer. */
START_TEST(cancel_frees_a_producer_that_waits_for_room)
{
	static const enum memtape_what at[] = { MEMTAPE_LOAD, MEMTAPE_LABEL,
		MEMTAPE_HEADER, MEMTAPE_BLOCK, MEMTAPE_FILEMARK };
	pthread_t producer;

	begin(at[_i / 2], 1, (uint32_t)_i % 2);
	pthread_create(&producer, NULL, push_all, NULL);
	wait_gate();
	engine_cancel(s.engine);
	pthread_join(producer, NULL);
	sem_post(&s.gate.open);
	end();
	ck_failed(TAPE_CANCELLED);
	ck_assert_uint_lt(s.pushed, DUMP);
}
END_TEST

/* State of the device at the cancel, and the bytes accepted then. */
static const struct source_event {
	enum memtape_what what;
	uint64_t nth, safe_bytes;
	uint64_t loads, headers, blocks; /* maximum numbers of operations */
} stops[] = {
	{ MEMTAPE_LOAD, 1, 0, 1, 0, 0 },
	{ MEMTAPE_LABEL, 1, 0, 1, 0, 0 },
	{ MEMTAPE_HEADER, 1, 0, 1, 1, 0 },
	{ MEMTAPE_BLOCK, 1, 0, 1, 1, 1 },
	{ MEMTAPE_BLOCK, 3, 0, 1, 1, 3 },
	{ MEMTAPE_BLOCK, 4, 0, 1, 1, 4 },
	{ MEMTAPE_FILEMARK, 1, PART, 1, 1, 4 },
	{ MEMTAPE_HEADER, 2, PART, 1, 2, 4 },
	{ MEMTAPE_BLOCK, 7, PART, 1, 2, 7 },
	{ MEMTAPE_FILEMARK, 2, 2 * PART, 1, 2, 8 },
	{ MEMTAPE_BLOCK, 11, 2 * PART, 1, 3, 11 },
};

/* A run has one block here, so each operation writes one block. */
START_TEST(cancel_is_obeyed_within_one_device_operation)
{
	const struct source_event *stop = &stops[_i / 2];
	pthread_t producer;

	begin(stop->what, stop->nth, (uint32_t)_i % 2);
	pthread_create(&producer, NULL, push_all, NULL);
	wait_gate();
	engine_cancel(s.engine);
	sem_post(&s.gate.open);
	pthread_join(producer, NULL);
	end();
	ck_failed(TAPE_CANCELLED);
	ck_assert_uint_eq(s.r.outcome.safe_bytes, stop->safe_bytes);
	ck_assert_uint_le(s.r.counts[MEMTAPE_LOAD], stop->loads);
	ck_assert_uint_le(s.r.counts[MEMTAPE_HEADER], stop->headers);
	ck_assert_uint_le(s.r.counts[MEMTAPE_BLOCK], stop->blocks);
	ck_assert_uint_eq(s.r.counts[MEMTAPE_UNLOAD], s.r.counts[MEMTAPE_LOAD]);
}
END_TEST

/*
 * A cancel at the last filemark finds everything on tape and changes nothing.
 */
START_TEST(cancel_at_the_last_filemark_leaves_it_done)
{
	pthread_t producer;

	begin(MEMTAPE_FILEMARK, 3, SPLITTER_CACHE_NONE);
	pthread_create(&producer, NULL, push_all, NULL);
	wait_gate();
	pthread_join(producer, NULL); /* the producer has called engine_eof */
	engine_cancel(s.engine);
	sem_post(&s.gate.open);
	end();
	ck_assert_int_eq(s.r.outcome.outcome, SPLITTER_DONE);
	ck_assert_uint_eq(s.r.outcome.safe_bytes, DUMP);
}
END_TEST

START_TEST(cancel_by_many_threads_at_once)
{
	enum { THREADS = 8 };
	pthread_t threads[THREADS], producer;
	int i;

	begin(MEMTAPE_BLOCK, 2, SPLITTER_CACHE_MEMORY);
	pthread_create(&producer, NULL, push_all, NULL);
	wait_gate();
	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, cancel, NULL);
	sem_post(&s.gate.open);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	pthread_join(producer, NULL);
	end();
	ck_failed(TAPE_CANCELLED);
}
END_TEST

START_TEST(a_producer_that_fails_leaves_complete_parts)
{
	begin(MEMTAPE_FILEMARK, 2, SPLITTER_CACHE_NONE);
	engine_push(s.engine, s.source, 2 * PART + BLOCK + 1);
	wait_gate();
	sem_post(&s.gate.open);
	engine_fail(s.engine);
	/* the cancel comes too late: the first reason stays */
	engine_cancel(s.engine);
	end();
	ck_failed(TAPE_PRODUCER_FAILED);
	ck_assert_uint_eq(s.r.outcome.safe_bytes, 2 * PART);
	ck_assert_str_eq(s.r.closes, "good");
}
END_TEST

START_TEST(a_producer_that_fails_at_once_uses_no_volume)
{
	begin(MEMTAPE_LOAD, 0, SPLITTER_CACHE_NONE);
	engine_fail(s.engine);
	end();
	ck_failed(TAPE_PRODUCER_FAILED);
	ck_assert_uint_eq(s.r.loaded, 0);
	ck_assert_str_eq(s.r.line, "none");
}
END_TEST

/* The owner frees the engine without engine_eof and without engine_wait. */
START_TEST(free_without_an_end_returns_the_volume)
{
	uint64_t bytes = (uint64_t)_i * BLOCK;
	const struct memtape_volume *v;

	begin(MEMTAPE_BLOCK, 0, SPLITTER_CACHE_NONE);
	ck_assert_uint_eq(engine_push(s.engine, s.source, bytes), bytes);
	engine_free(s.engine);
	ck_assert_str_eq(memtape_complaint(s.tapes), "");
	v = memtape_volume(s.tapes, 0);
	ck_assert_int_eq(v->given_back, memtape_loaded(s.tapes) > 0);
	memtape_free(s.tapes);
	course_clear(&s.course);
	free(s.source);
}
END_TEST

START_TEST(a_lack_of_volumes_ends_a_producer_that_waits)
{
	uint64_t room;
	unsigned i;

	begin(MEMTAPE_LOAD, 1, SPLITTER_CACHE_MEMORY);
	ck_assert_uint_eq(engine_push(s.engine, s.source, BLOCK), BLOCK);
	wait_gate();
	for (i = 0; i < 4; i++)
		memtape_prepare(s.tapes, i, MEMTAPE_FOREIGN);
	sem_post(&s.gate.open);
	ck_assert_uint_lt(engine_push(s.engine, s.source + BLOCK, DUMP - BLOCK),
	    DUMP - BLOCK);
	ck_assert_ptr_null(engine_reserve(s.engine, &room));
	engine_eof(s.engine);
	end();
	ck_assert_int_eq(s.r.outcome.outcome, SPLITTER_PARTIAL);
	ck_assert_int_eq(s.r.outcome.cause, TAPE_NO_VOLUME);
	ck_assert_str_eq(s.r.closes, "refused refused refused refused");
}
END_TEST

START_TEST(a_reservation_never_exceeds_the_room)
{
	uint64_t room, at = 0, n;
	void *place;

	begin(MEMTAPE_LOAD, 1, SPLITTER_CACHE_NONE);
	while (at < 3 * BLOCK) {
		place = engine_reserve(s.engine, &room);
		ck_assert_ptr_nonnull(place);
		ck_assert_uint_gt(room, 0);
		ck_assert_uint_le(room, 3 * BLOCK - at);
		n = room < 1000 ? room : 1000;
		memcpy(place, s.source + at, n);
		engine_commit(s.engine, n);
		at += n;
	}
	sem_post(&s.gate.open);
	engine_push(s.engine, s.source + at, DUMP - at);
	engine_eof(s.engine);
	end();
	ck_assert_int_eq(s.r.outcome.outcome, SPLITTER_DONE);
}
END_TEST

/* The buffer continues to fill while the filemark is written. */
START_TEST(a_filemark_does_not_block_the_producer)
{
	begin(MEMTAPE_FILEMARK, 1, SPLITTER_CACHE_NONE);
	engine_push(s.engine, s.source, PART);
	wait_gate();
	ck_assert_uint_eq(engine_push(s.engine, s.source + PART, 3 * BLOCK),
	    3 * BLOCK);
	sem_post(&s.gate.open);
	engine_push(s.engine, s.source + PART + 3 * BLOCK,
	    DUMP - PART - 3 * BLOCK);
	engine_eof(s.engine);
	end();
	ck_assert_int_eq(s.r.outcome.outcome, SPLITTER_DONE);
}
END_TEST

/* The core requests FINISH before it knows whether more bytes follow. */
START_TEST(a_part_is_committed_before_the_next_byte_arrives)
{
	begin(MEMTAPE_FILEMARK, 1, SPLITTER_CACHE_NONE);
	engine_push(s.engine, s.source, PART);
	wait_gate();
	sem_post(&s.gate.open);
	engine_eof(s.engine);
	end();
	ck_assert_int_eq(s.r.outcome.outcome, SPLITTER_DONE);
	ck_assert_str_eq(s.r.line, "1:16384");
	ck_assert_uint_eq(s.r.loaded, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("engine");
	TCase *tc = tcase_create("threads");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, cancel_ends_a_tape_that_waits_for_data, 0, 16);
	tcase_add_test(tc, cancel_after_a_short_last_block_commits_nothing);
	tcase_add_loop_test(tc, cancel_frees_a_producer_that_waits_for_room, 0,
	    10);
	tcase_add_loop_test(tc, cancel_is_obeyed_within_one_device_operation, 0,
	    2 * sizeof stops / sizeof *stops);
	tcase_add_test(tc, cancel_at_the_last_filemark_leaves_it_done);
	tcase_add_test(tc, cancel_by_many_threads_at_once);
	tcase_add_test(tc, a_producer_that_fails_leaves_complete_parts);
	tcase_add_test(tc, a_producer_that_fails_at_once_uses_no_volume);
	tcase_add_loop_test(tc, free_without_an_end_returns_the_volume, 0, 8);
	tcase_add_test(tc, a_lack_of_volumes_ends_a_producer_that_waits);
	tcase_add_test(tc, a_reservation_never_exceeds_the_room);
	tcase_add_test(tc, a_filemark_does_not_block_the_producer);
	tcase_add_test(tc, a_part_is_committed_before_the_next_byte_arrives);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/*
 * check_handoff.c: in whatever order the program and the splitter's threads
 * run, the dump ends, and each tape is returned.
 *
 * SCHEDULE_SEED=N runs only the schedules of that seed.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/api/filters.h"
#include "splitter/api/tests/handoff_play.h"
#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/schedule/schedule.h"

enum { SCHEDULES = 6000, ALIKE = 4, BLOCK = ELEMENT_BLOCK_BYTES };

static const enum splitter_cache caches[] = { SPLITTER_CACHE_NONE,
	SPLITTER_CACHE_MEMORY };

/* Row _i: with this cache. */
START_TEST(any_schedule_has_the_same_end)
{
	const char *only = getenv("SCHEDULE_SEED");
	uint64_t seed = only == NULL ? 0 : strtoull(only, NULL, 0);
	uint64_t end = only == NULL ? SCHEDULES / part_step(3) : seed + 1;
	static struct trial_result r;
	struct handoff_play p;
	char text[256], before[256] = "";

	for (; seed < end; seed++) {
		handoff_draw(&p, seed / ALIKE, caches[_i]);
		handoff_play(&p, seed, &r);
		ck_assert_msg(r.wrong[0] == '\0', "seed %" PRIu64 ": %s", seed,
		    r.wrong);
		trial_text(&r, text, sizeof text);
		if (seed % ALIKE == 0)
			strcpy(before, text);
		else if (handoff_is_certain(&p) && only == NULL)
			ck_assert_msg(strcmp(text, before) == 0,
			    "seed %" PRIu64 ": %s; before: %s", seed, text,
			    before);
	}
}
END_TEST

/* A handoff that receives only bytes, and its tape. */
struct waiting {
	struct splitter *s;
	bool wants, done, asked;
	enum tape_close why;
};

static void tape_wanted(void *arg)
{
	((struct waiting *)arg)->wants = true;
}

static void attempt_done(void *arg, const struct splitter_attempt *a)
{
	((struct waiting *)arg)->asked = a->committed && !a->last;
}

static void tape_returned(void *arg, struct tape *tape, enum tape_close why)
{
	struct waiting *w = arg;

	(void)tape;
	w->done = true;
	w->why = why;
}

static bool is_wanted(void *arg)
{
	return ((struct waiting *)arg)->wants;
}

static bool is_asked(void *arg)
{
	return ((struct waiting *)arg)->asked;
}

static void begin(struct waiting *w)
{
	static const char bytes[5 * BLOCK];
	struct splitter_config config;
	char err[256];

	memset(w, 0, sizeof *w);
	splitter_config_init(&config, sizeof config, SPLITTER_API);
	config.dump = "waits";
	config.block_bytes = BLOCK;
	config.part_bytes = 2 * BLOCK;
	config.buffer_bytes = 8 * BLOCK;
	config.arg = w;
	config.tape_wanted = tape_wanted;
	config.attempt_done = attempt_done;
	config.tape_returned = tape_returned;
	w->s = splitter_new(&config, err, sizeof err);
	ck_assert_msg(w->s != NULL, "%s", err);
	ck_assert_uint_eq(splitter_push(w->s, bytes, sizeof bytes),
	    sizeof bytes);
}

enum ending { CANCEL, FAIL, FREE, GIVE_UP };

/* The call that ends it, whatever it waits for, and the outcome. */
static const struct row {
	const char *name;
	bool attempt_done; /* it waits for the next part, or a volume */
	bool started;      /* the first part */
	bool unused;       /* a volume is there */
	enum ending ending;
	enum splitter_outcome result;
	enum tape_cause cause;
	enum tape_close why;
} rows[] = {
	{ "cancel, for a volume", false, true, false, CANCEL, SPLITTER_FAILED,
	    TAPE_CANCELLED, 0 },
	{ "cancel, for the first part", false, false, true, CANCEL,
	    SPLITTER_FAILED, TAPE_CANCELLED, TAPE_CLOSE_REFUSED },
	{ "cancel, for the next part", true, true, true, CANCEL,
	    SPLITTER_FAILED, TAPE_CANCELLED, TAPE_CLOSE_GOOD },
	{ "failure, for a volume", false, true, false, FAIL, SPLITTER_FAILED,
	    TAPE_PRODUCER_FAILED, 0 },
	{ "failure, for the next part", true, true, true, FAIL, SPLITTER_FAILED,
	    TAPE_PRODUCER_FAILED, TAPE_CLOSE_GOOD },
	{ "free, for a volume", false, true, false, FREE, 0, 0, 0 },
	{ "free, for the next part", true, true, true, FREE, 0, 0,
	    TAPE_CLOSE_GOOD },
	{ "giving up, for a volume", false, true, false, GIVE_UP,
	    SPLITTER_PARTIAL, TAPE_NO_VOLUME, 0 },
	{ "giving up, for the first part", false, false, true, GIVE_UP,
	    SPLITTER_PARTIAL, TAPE_NO_VOLUME, TAPE_CLOSE_REFUSED },
	{ "giving up, for the next part", true, true, true, GIVE_UP,
	    SPLITTER_PARTIAL, TAPE_OK, TAPE_CLOSE_GOOD },
};

static void end(struct waiting *w, const struct row *row)
{
	const struct splitter_summary *o;

	if (row->ending == CANCEL)
		splitter_cancel(w->s);
	else if (row->ending == FAIL)
		splitter_fail(w->s);
	else if (row->ending == GIVE_UP)
		splitter_give_up(w->s);
	if (row->ending != FREE) {
		o = splitter_wait(w->s);
		ck_assert_int_eq(o->outcome, row->result);
		ck_assert_int_eq(o->cause, row->cause);
		ck_assert_uint_eq(o->safe_bytes,
		    row->attempt_done ? 2 * BLOCK : 0);
	}
	splitter_free(w->s);
}

START_TEST(it_can_be_ended_whatever_it_waits_for)
{
	const struct row *row = &rows[_i];
	struct tape_library *library;
	struct tape_result result;
	struct tape *tape;
	struct waiting w;
	uint64_t seed;

	for (seed = 0; seed < 200 / part_step(3); seed++) {
		library = splitter_null_library_new();
		tape = library->ops->load(library, 0, &result);
		schedule_begin(seed);
		begin(&w);
		if (row->started)
			ck_assert_int_eq(splitter_start_part(w.s, false), 0);
		if (row->unused)
			ck_assert_int_eq(splitter_use_tape(w.s, tape), 0);
		if (row->attempt_done)
			schedule_until(is_asked, &w, "main: the next part");
		else if (!row->unused && seed % 2 == 0)
			schedule_until(is_wanted, &w, "main: a volume");
		end(&w, row);
		schedule_end();
		ck_assert_int_eq(w.done, row->unused);
		if (row->unused)
			ck_assert_int_eq(w.why, row->why);
		splitter_null_library_free(library);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("handoff");
	TCase *tc = tcase_create("handoff");

	tcase_set_timeout(tc, 600);
	tcase_add_loop_test(tc, any_schedule_has_the_same_end, 0, 2);
	tcase_add_loop_test(tc, it_can_be_ended_whatever_it_waits_for, 0,
	    sizeof rows / sizeof *rows);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

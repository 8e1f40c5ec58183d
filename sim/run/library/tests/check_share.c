/* check_share.c: a library that several dumps use at once, in real time. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/library/share.h"
#include "splitter/tests/run_suite.h"
#include "vtl/tests/vtl_scratch.h"

enum { USERS = 2, VOLUMES = 10 };

static struct library *library;
static struct share *share;

/* A clock that advances at each look, and with which no call sleeps. */
static int64_t looked_ns;

static int64_t next_ns(void *arg)
{
	(void)arg;
	return looked_ns += 3000;
}

static void sleep_not(void *arg, int64_t at_ns)
{
	(void)arg;
	if (looked_ns < at_ns)
		looked_ns = at_ns;
}

/* A library with one drive. */
static void make_library(const char *model)
{
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	const struct model *drive = model_find(model);
	char *paths[VOLUMES], message[VOLUME_MESSAGE_BYTES];
	const struct library_spec stock = {
		.paths = (const char *const *)paths,
		.volume_count = VOLUMES,
		.drives = &drive,
		.drive_count = 1,
	};

	scratch_setup();
	for (int i = 0; i < VOLUMES; i++) {
		snprintf(spec.barcode, sizeof spec.barcode, "V%03dL8", i);
		paths[i] = library_volume_path(scratch_folder(), spec.barcode);
		ck_assert_msg(volume_create(paths[i], &spec, "", false,
				  message) == 0,
		    "%s", message);
	}
	library = library_new(&stock);
	ck_assert_ptr_nonnull(library);
	for (size_t i = 0; i < VOLUMES; i++)
		free(paths[i]);
}

static void setup(void)
{
	make_library("instant");
	share = share_new(library, USERS, true, false);
	ck_assert_ptr_nonnull(share);
}

/* A millionfold pace: a look at the clock takes 3 s of the models. */
static void setup_paced(void)
{
	static const struct pace_clock clock = { next_ns, sleep_not, NULL };

	make_library("lto8");
	library_set_pace(library, &clock, 1000000000);
	share = share_new(library, USERS, true, true);
	ck_assert_ptr_nonnull(share);
}

static void teardown(void)
{
	share_free(share);
	library_free(library);
	scratch_teardown();
}

static struct tape *load(size_t i)
{
	struct tape_library *view = share_view(share, i);
	struct tape_result result;

	return view->ops->load(view, 0, &result);
}

static void unload(size_t i, struct tape *tape)
{
	struct tape_library *view = share_view(share, i);
	struct tape_result result;

	view->ops->unload(view, tape, TAPE_CLOSE_GOOD, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_OK);
}

/* Gives the drive back that the other user waits for. */
static void *give_back(void *tape)
{
	unload(1, tape);
	return NULL;
}

/* The first run was cancelled; the next one waits for a drive again. */
START_TEST(a_run_waits_although_the_one_before_was_cancelled)
{
	struct tape *held = load(1), *tape;
	pthread_t thread;

	ck_assert_ptr_nonnull(held);
	share_begin_run(share, 0);
	share_cancel(share, 0);
	ck_assert_ptr_null(load(0));
	share_begin_run(share, 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, give_back, held), 0);
	tape = load(0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_ptr_nonnull(tape);
	unload(0, tape);
}
END_TEST

/*
 * The drive unloads for a while after each run.  Wherever a look at the clock
 * falls, the next load waits for its end.
 */
START_TEST(a_load_waits_for_a_drive_that_is_about_to_be_free)
{
	for (size_t i = 0; i < VOLUMES; i++) {
		struct tape *tape = load(i % USERS);

		ck_assert_msg(tape != NULL, "load %zu failed", i);
		unload(i % USERS, tape);
		looked_ns += (int64_t)i * 700;
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("share");
	TCase *tc = tcase_create("share");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_run_waits_although_the_one_before_was_cancelled);
	suite_add_tcase(suite, tc);
	tc = tcase_create("paced");
	tcase_add_checked_fixture(tc, setup_paced, teardown);
	tcase_add_test(tc, a_load_waits_for_a_drive_that_is_about_to_be_free);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

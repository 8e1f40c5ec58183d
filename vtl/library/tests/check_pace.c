/*
 * check_pace.c: operations last as long as their model says, on a clock of the
 * test: nothing here sleeps.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "splitter/tests/run_suite.h"
#include "vtl/library/vtape.h"
#include "vtl/library/library.h"
#include "vtl/tests/vtl_scratch.h"

enum { US = 1000, MS = 1000 * US, VOLUMES = 3 };

static const int64_t second_ns = 1000 * MS;

/* A clock that passes only in sleeps, and where a test says so. */
struct fake {
	int64_t now_ns;
	int64_t late_ns; /* added to each sleep */
	int64_t shortest_ns;
	unsigned sleeps;
};

static int64_t fake_now(void *arg)
{
	return ((struct fake *)arg)->now_ns;
}

static void fake_sleep(void *arg, int64_t at_ns)
{
	struct fake *fake = arg;
	int64_t length_ns = at_ns - fake->now_ns;

	ck_assert_int_gt(length_ns, 0);
	if (fake->sleeps++ == 0 || length_ns < fake->shortest_ns)
		fake->shortest_ns = length_ns;
	fake->now_ns = at_ns + fake->late_ns;
}

static struct fake fake;
static const struct pace_clock fake_clock = {
	.now_ns = fake_now, .sleep_until = fake_sleep, .arg = &fake
};

static struct pace pace;

static void start(uint32_t speed_permille)
{
	fake = (struct fake){ .now_ns = 7 * second_ns };
	pace_start(&pace, &fake_clock, speed_permille, fake.now_ns);
}

/* Does an operation that takes `length_ns` of the model. */
static void operate(int64_t length_ns)
{
	struct pace_call call = pace_begin(&pace, 0);

	pace_end(&pace, &call, call.begun_ns + length_ns);
}

static int64_t passed_ns(void)
{
	return fake.now_ns - 7 * second_ns;
}

START_TEST(an_operation_returns_when_it_is_complete)
{
	struct pace_call call;

	start(PACE_REAL_TIME);
	call = pace_begin(&pace, 123);
	ck_assert_int_eq(call.begun_ns, 0);
	ck_assert_int_eq(pace_end(&pace, &call, 3 * MS), 123 + 3 * MS);
	ck_assert_int_eq(passed_ns(), 3 * MS);
}
END_TEST

START_TEST(the_model_clock_advances_between_operations)
{
	struct pace_call call;

	start(PACE_REAL_TIME);
	operate(3 * MS);
	fake.now_ns += 20 * MS;
	call = pace_begin(&pace, 0);
	ck_assert_int_eq(call.begun_ns, 23 * MS);
	/* The host took longer than the drive needs: nothing to wait for. */
	pace_end(&pace, &call, call.begun_ns);
	ck_assert_int_eq(passed_ns(), 23 * MS);
}
END_TEST

START_TEST(sleeps_that_are_too_long_make_the_next_ones_shorter)
{
	start(PACE_REAL_TIME);
	fake.late_ns = 80 * US;
	for (int i = 0; i < 10000; i++)
		operate(164 * US);
	ck_assert_int_ge(passed_ns(), 1640 * MS - PACE_SLEEP_MIN_NS);
	ck_assert_int_le(passed_ns(), 1640 * MS + fake.late_ns);
}
END_TEST

START_TEST(short_operations_share_a_sleep)
{
	start(PACE_REAL_TIME);
	for (int i = 0; i < 1000; i++)
		operate(10 * US);
	ck_assert_int_ge(passed_ns(), 10 * MS - PACE_SLEEP_MIN_NS);
	ck_assert_int_le(passed_ns(), 10 * MS);
	ck_assert_uint_eq(fake.sleeps, 200);
	ck_assert_int_ge(fake.shortest_ns, PACE_SLEEP_MIN_NS);
}
END_TEST

/*
 * This machine cannot do a command as fast as the drive.  The following sleeps
 * are shorter by the difference, up to the limit.
 */
START_TEST(time_of_this_machine_is_not_time_of_the_drive)
{
	struct pace_call call;

	start(PACE_REAL_TIME);
	call = pace_begin(&pace, 0);
	fake.now_ns += 40 * MS;
	pace_end(&pace, &call, 1 * MS);
	call = pace_begin(&pace, 0);
	ck_assert_int_eq(call.begun_ns, 1 * MS);
	pace_end(&pace, &call, 60 * MS);
	ck_assert_int_eq(passed_ns(), 60 * MS);
}
END_TEST

START_TEST(a_machine_that_stood_still_sets_the_model_clock)
{
	struct pace_call call;

	start(PACE_REAL_TIME);
	call = pace_begin(&pace, 0);
	fake.now_ns += 90 * MS;
	pace_end(&pace, &call, 1 * MS);
	call = pace_begin(&pace, 0);
	ck_assert_int_eq(call.begun_ns, 90 * MS);
}
END_TEST

START_TEST(a_factor_makes_the_model_faster_or_slower)
{
	struct pace_call call;

	start(100 * PACE_REAL_TIME);
	operate(3 * second_ns);
	ck_assert_int_eq(passed_ns(), 30 * MS);
	fake.now_ns += 10 * MS;
	call = pace_begin(&pace, 0);
	ck_assert_int_eq(call.begun_ns, 4 * second_ns);
	start(PACE_REAL_TIME / 4);
	operate(2 * second_ns);
	ck_assert_int_eq(passed_ns(), 8 * second_ns);
}
END_TEST

static char *paths[VOLUMES];

static struct library *make_library(bool ahead)
{
	static const struct model *drives[2];
	struct volume_spec volume = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct library_spec spec = { .paths = (const char *const *)paths,
		.volume_count = VOLUMES,
		.drives = drives,
		.drive_count = 2,
		.move_ns = 9 * second_ns,
		.load_ahead = ahead };
	char message[VOLUME_MESSAGE_BYTES];

	drives[0] = drives[1] = model_find("lto8");
	mkdir(scratch_path("lib"), 0777);
	for (int i = 0; i < VOLUMES; i++) {
		snprintf(volume.barcode, sizeof volume.barcode, "%sTL000%dL8",
		    ahead ? "A" : "", i);
		free(paths[i]);
		paths[i] =
		    library_volume_path(scratch_path("lib"), volume.barcode);
		ck_assert_msg(volume_create(paths[i], &volume, "", false,
				  message) == 0,
		    "%s", message);
	}
	return library_new(&spec);
}

/* The time that the caller of the operations gives and gets. */
static int64_t now_ns;
static struct tape_result r;

static void done(void)
{
	ck_assert_msg(r.cause == TAPE_OK, "%s", r.message);
	ck_assert_int_ge(r.done_ns, now_ns);
	now_ns = r.done_ns;
}

/* Writes 40 runs on each of two volumes, and reads the label of the last. */
static void work(struct library *library)
{
	static uint8_t label[65536], got[65536];
	struct tape_library *tapes = library_tapes(library);
	struct tape_run run = {
		.bytes = 65536, .block_bytes = 65536, .dump_id = 1
	};
	struct tape_block block;
	struct tape *tape;

	now_ns = 0;
	for (int i = 0; i < 2; i++) {
		tape = tapes->ops->load(tapes, now_ns, &r);
		done();
		tape->ops->label(tape, label, sizeof label, now_ns, &r);
		done();
		tape->ops->start_file(tape, label, sizeof label, now_ns, &r);
		done();
		for (int j = 0; j < 40; j++) {
			tape->ops->write(tape, &run, now_ns, &r);
			run.offset += r.bytes;
			done();
		}
		tape->ops->filemark(tape, true, now_ns, &r);
		done();
		tape->ops->rewind(tape, now_ns, &r);
		done();
		tape->ops->read(tape, got, sizeof got, &block, now_ns, &r);
		done();
		tape->ops->locate(tape, 1, now_ns, &r);
		done();
		tape->ops->locate_eod(tape, now_ns, &r);
		done();
		tapes->ops->unload(tapes, tape, TAPE_CLOSE_GOOD, now_ns, &r);
		done();
	}
	library_free(library);
}

/*
 * A library on a clock that is always late takes the time of the same library
 * without a clock.
 */
START_TEST(each_operation_of_a_library_is_paced)
{
	bool ahead = _i == 1;
	int64_t model_ns;

	work(make_library(ahead));
	model_ns = now_ns;
	ck_assert_int_gt(model_ns, 40 * second_ns);
	for (int i = 0; i < VOLUMES; i++)
		remove(paths[i]);
	fake = (struct fake){ .now_ns = 5 * second_ns, .late_ns = 70 * US };
	struct library *library = make_library(ahead);

	library_set_pace(library, &fake_clock, PACE_REAL_TIME);
	work(library);
	ck_assert_int_eq(now_ns, fake.now_ns - 5 * second_ns);
	ck_assert_int_ge(now_ns, model_ns - PACE_SLEEP_MIN_NS);
	ck_assert_int_le(now_ns, model_ns + PACE_SLEEP_MIN_NS + fake.late_ns);
	for (int i = 0; i < VOLUMES; i++)
		free(paths[i]);
	memset(paths, 0, sizeof paths);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pace");
	TCase *tc = tcase_create("pace");

	tcase_add_checked_fixture(tc, scratch_setup, scratch_teardown);
	tcase_add_test(tc, an_operation_returns_when_it_is_complete);
	tcase_add_test(tc, the_model_clock_advances_between_operations);
	tcase_add_test(tc, sleeps_that_are_too_long_make_the_next_ones_shorter);
	tcase_add_test(tc, short_operations_share_a_sleep);
	tcase_add_test(tc, time_of_this_machine_is_not_time_of_the_drive);
	tcase_add_test(tc, a_machine_that_stood_still_sets_the_model_clock);
	tcase_add_test(tc, a_factor_makes_the_model_faster_or_slower);
	tcase_add_loop_test(tc, each_operation_of_a_library_is_paced, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/*
 * check_odd_drives.c: a drive that the model does not describe gets no numbers,
 * but "does not fit", with the reason.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/calibrate/calibrate.h"
#include "sim/calibrate/tests/odd_drive.h"
#include "splitter/tests/run_suite.h"

static struct odd_drive odd;
static struct model base;
static struct calibrate_result r;

static void setup(void)
{
	odd_drive_init(&odd);
	base = *model_find("lto4");
	base.buffer_bytes = 256 << 20;
}

static void teardown(void)
{
	calibrate_result_clear(&r);
}

static void calibrate(void)
{
	const struct calibrate_config config = {
		.tape = &odd.tape, .base = &base, .medium = &base.media[0]
	};

	calibrate_run(&config, &r);
	ck_assert_msg(r.end == CALIBRATE_DONE, "%s", r.message);
}

static void expect_near(enum calibrate_constant which, double value)
{
	const struct calibrate_value *v = &r.of[which];

	ck_assert_msg(v->found == CALIBRATE_FOUND, "constant %d: %s", which,
	    v->why);
	ck_assert_msg(fabs(v->value - value) <= 0.05 * value,
	    "constant %d is %g, not %g", which, v->value, value);
}

static void expect_no_fit(enum calibrate_constant which, const char *why)
{
	const struct calibrate_value *v = &r.of[which];

	ck_assert_msg(v->found == CALIBRATE_NO_FIT,
	    "constant %d: found %d, %g: %s", which, v->found, v->value, v->why);
	ck_assert_msg(strstr(v->why, why) != NULL, "%s", v->why);
	ck_assert(v->value == 0);
}

/* Without it, the other tests would prove nothing. */
START_TEST(a_drive_as_the_model_has_it_fits)
{
	calibrate();
	expect_near(CALIBRATE_COMMAND, odd.command);
	expect_near(CALIBRATE_BUS, odd.bus);
	expect_near(CALIBRATE_BUFFER_SIZE, odd.buffer);
	expect_near(CALIBRATE_RESTART, odd.restart);
	expect_near(CALIBRATE_WRITE_DELAY, odd.delay);
	expect_near(CALIBRATE_HITCH, odd.hitch);
	expect_near(CALIBRATE_RULE, MODEL_BELOW);
	ck_assert(fabs(r.of[CALIBRATE_HITCH_STANDSTILL].value) < 0.05);
	ck_assert_uint_eq(r.speeds_count, odd.speeds_count);
	for (size_t i = 0; i < r.speeds_count; i++)
		ck_assert(fabs(r.speeds[i] / odd.speeds[i] - 1) < 0.05);
}
END_TEST

START_TEST(another_speed_rule_does_not_fit)
{
	odd.rule = ODD_NEAREST;
	calibrate();
	expect_no_fit(CALIBRATE_RULE, "none of the rules");
	ck_assert_uint_eq(r.speeds_count, 0);
	expect_near(CALIBRATE_BUFFER_SIZE, odd.buffer);
}
END_TEST

START_TEST(a_drive_without_steps_does_not_fit)
{
	odd.rule = ODD_FEED;
	calibrate();
	expect_no_fit(CALIBRATE_RULE, "no steps");
	ck_assert(r.follows_feed);
}
END_TEST

START_TEST(a_steady_feed_that_is_received_otherwise_does_not_fit)
{
	odd.rule = ODD_SLOW_START;
	calibrate();
	expect_no_fit(CALIBRATE_RULE, "of a steady feed");
}
END_TEST

START_TEST(a_restart_level_that_depends_on_the_feed_does_not_fit)
{
	odd.restart = 0.3;
	odd.restart_by_feed = 0.6;
	calibrate();
	expect_no_fit(CALIBRATE_RESTART, "depends on the feed");
	expect_near(CALIBRATE_BUFFER_SIZE, odd.buffer);
}
END_TEST

START_TEST(a_backhitch_out_of_proportion_does_not_fit)
{
	odd.hitch_power = 3;
	calibrate();
	expect_no_fit(CALIBRATE_HITCH_STANDSTILL, "in proportion");
	expect_near(CALIBRATE_RULE, MODEL_BELOW);
}
END_TEST

START_TEST(a_backhitch_with_a_step_does_not_fit)
{
	odd.hitch_power = 0.5;
	odd.hitch_short = 0.4;
	calibrate();
	expect_no_fit(CALIBRATE_HITCH_STANDSTILL, "in proportion");
	ck_assert(r.of[CALIBRATE_HITCH].found == CALIBRATE_FOUND);
}
END_TEST

/*
 * Expected: the tape starts by the write delay before any level is reached, so
 * the level cannot be found.  Bug: an upper bound of the delay served as a lower
 * one, and the bytes that came during the delay looked like the level.
 */
START_TEST(a_level_that_is_never_reached_cannot_be_found)
{
	odd.delay = 2e-3;
	calibrate();
	ck_assert_msg(r.of[CALIBRATE_WRITE_DELAY].found == CALIBRATE_CANNOT,
	    "%g, level %d %g %s", r.of[CALIBRATE_WRITE_DELAY].value,
	    r.of[CALIBRATE_RESTART].found, r.of[CALIBRATE_RESTART].value,
	    r.of[CALIBRATE_RESTART].why);
	ck_assert_ptr_nonnull(strstr(r.of[CALIBRATE_WRITE_DELAY].why,
	    "it is shorter than"));
	ck_assert_msg(r.of[CALIBRATE_RESTART].found == CALIBRATE_CANNOT,
	    "%d, %g", r.of[CALIBRATE_RESTART].found,
	    r.of[CALIBRATE_RESTART].value);
	ck_assert_ptr_nonnull(strstr(r.of[CALIBRATE_RESTART].why,
	    "the tape may have started by it"));
}
END_TEST

START_TEST(a_block_time_that_is_no_line_does_not_fit)
{
	odd.block_squared = 4e-15;
	calibrate();
	expect_no_fit(CALIBRATE_COMMAND, "a rate");
	expect_no_fit(CALIBRATE_BUS, "a rate");
}
END_TEST

START_TEST(a_bus_that_is_too_slow_gives_no_restart_level)
{
	odd.bus = 220e6;
	calibrate();
	ck_assert_int_eq(r.of[CALIBRATE_RESTART].found, CALIBRATE_CANNOT);
	ck_assert_ptr_nonnull(strstr(r.of[CALIBRATE_RESTART].why, "1.5 times"));
	ck_assert_int_eq(r.of[CALIBRATE_RULE].found, CALIBRATE_CANNOT);
	expect_near(CALIBRATE_BUFFER_SIZE, odd.buffer);
}
END_TEST

START_TEST(a_bus_slower_than_the_tape_gives_no_buffer)
{
	odd.bus = 100e6;
	odd.speeds[0] = 160e6;
	odd.speeds_count = 1;
	calibrate();
	ck_assert_int_eq(r.of[CALIBRATE_BUFFER_SIZE].found, CALIBRATE_CANNOT);
	ck_assert_int_eq(r.of[CALIBRATE_HITCH].found, CALIBRATE_CANNOT);
	expect_near(CALIBRATE_BUS, odd.bus);
}
END_TEST

START_TEST(nothing_is_written_after_an_error)
{
	const struct calibrate_config config = {
		.tape = &odd.tape, .base = &base, .medium = &base.media[0]
	};

	odd.fails_at = 700;
	calibrate_run(&config, &r);
	ck_assert_int_eq(r.end, CALIBRATE_FAILED);
	ck_assert_str_eq(r.message, "blocks: medium error");
	ck_assert_uint_eq(odd.writes, odd.fails_at);
}
END_TEST

START_TEST(nothing_is_written_at_another_place_than_expected)
{
	const struct calibrate_config config = {
		.tape = &odd.tape, .base = &base, .medium = &base.media[0]
	};

	odd.astray = 2;
	calibrate_run(&config, &r);
	ck_assert_int_eq(r.end, CALIBRATE_FAILED);
	ck_assert_ptr_nonnull(strstr(r.message,
	    "the drive is at file 3 after a move to file 1; nothing is "
	    "written there"));
	ck_assert_uint_eq(odd.writes, 0);
}
END_TEST

/* What was called since the last load, and after how many writes. */
static struct {
	bool due, begun;
	uint64_t writes, loads, writings;
} calls;

static int writing(void *arg, char *message, size_t message_bytes)
{
	(void)arg;
	(void)message;
	(void)message_bytes;
	ck_assert(calls.due && !calls.begun);
	ck_assert_uint_eq(odd.writes, calls.writes);
	calls.begun = true;
	calls.writings++;
	return 0;
}

static int written(void *arg, char *message, size_t message_bytes)
{
	(void)arg;
	(void)message;
	(void)message_bytes;
	ck_assert(calls.begun);
	ck_assert_uint_eq(odd.writes, calls.writes + 1);
	calls.due = calls.begun = false;
	return 0;
}

static void unload(void *arg, int64_t now_ns, struct tape_result *result)
{
	(void)arg;
	tape_result_init(result, now_ns + 1000000000);
}

static void load(void *arg, int64_t now_ns, struct tape_result *result)
{
	(void)arg;
	tape_result_init(result, now_ns + 1000000000);
	/* Nothing was written since the load before, or both were called. */
	ck_assert(!calls.begun);
	ck_assert(calls.due ? odd.writes == calls.writes
			    : odd.writes > calls.writes);
	calls.due = true;
	calls.writes = odd.writes;
	calls.loads++;
}

/* A kill between the two leaves a change reference that no line has. */
START_TEST(the_first_write_after_a_load_is_announced_and_reported)
{
	const struct calibrate_config config = { .tape = &odd.tape,
		.base = &base,
		.medium = &base.media[0],
		.unload = unload,
		.load = load,
		.writing = writing,
		.written = written };

	memset(&calls, 0, sizeof calls);
	calls.due = true;
	calibrate_run(&config, &r);
	ck_assert_msg(r.end == CALIBRATE_DONE, "%s", r.message);
	/* The second write is that of a cartridge after use. */
	ck_assert_uint_eq(calls.loads, 4);
	ck_assert_uint_eq(calls.writings, 2);
}
END_TEST

static int refuse(void *arg, char *message, size_t message_bytes)
{
	(void)arg;
	snprintf(message, message_bytes, "the disk is full");
	return -1;
}

START_TEST(nothing_is_written_that_could_not_be_announced)
{
	const struct calibrate_config config = { .tape = &odd.tape,
		.base = &base,
		.medium = &base.media[0],
		.writing = refuse };

	calibrate_run(&config, &r);
	ck_assert_int_eq(r.end, CALIBRATE_FAILED);
	ck_assert_str_eq(r.message, "the disk is full");
	ck_assert_uint_eq(odd.writes, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("odd drives");
	TCase *tc = tcase_create("calibrate");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_drive_as_the_model_has_it_fits);
	tcase_add_test(tc, another_speed_rule_does_not_fit);
	tcase_add_test(tc, a_drive_without_steps_does_not_fit);
	tcase_add_test(tc,
	    a_steady_feed_that_is_received_otherwise_does_not_fit);
	tcase_add_test(tc,
	    a_restart_level_that_depends_on_the_feed_does_not_fit);
	tcase_add_test(tc, a_backhitch_out_of_proportion_does_not_fit);
	tcase_add_test(tc, a_backhitch_with_a_step_does_not_fit);
	tcase_add_test(tc, a_level_that_is_never_reached_cannot_be_found);
	tcase_add_test(tc, a_block_time_that_is_no_line_does_not_fit);
	tcase_add_test(tc, a_bus_that_is_too_slow_gives_no_restart_level);
	tcase_add_test(tc, a_bus_slower_than_the_tape_gives_no_buffer);
	tcase_add_test(tc, nothing_is_written_after_an_error);
	tcase_add_test(tc, nothing_is_written_at_another_place_than_expected);
	tcase_add_test(tc,
	    the_first_write_after_a_load_is_announced_and_reported);
	tcase_add_test(tc, nothing_is_written_that_could_not_be_announced);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

/*
 * check_late_host.c: a calibration in real time, by a host that is late: a drive
 * of the model is never said not to fit; and the verdict still comes where the
 * host is quiet enough.
 *
 *   CALIBRATE_FROM=N   the first seed, instead of those below
 *   CALIBRATE_SEEDS=N  how many
 */
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/calibrate/tests/late_host.h"
#include "sim/calibrate/tests/odd_drive.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/suite_number.h"

/* The last two once gave a false verdict: a stray speed, a level too high. */
static const uint64_t seeds[] = { 1, 2, 17, 41 };

enum { SEEDS = sizeof seeds / sizeof *seeds };

static struct odd_drive odd;
static struct model base;
static struct late_host host;
static struct calibrate_result r;

static void setup(void)
{
	odd_drive_init(&odd);
	base = *model_find("lto4");
	base.buffer_bytes = 256 << 20;
}

/* A small one, whose times are short: 20 MB/s, 16 MiB. */
static void make_small(void)
{
	static const double speeds[] = { 8e6, 10e6, 12.5e6, 16e6, 20e6 };

	odd.speeds_count = sizeof speeds / sizeof *speeds;
	memcpy(odd.speeds, speeds, sizeof speeds);
	odd.command = 100e-6;
	odd.bus = 60e6;
	odd.buffer = 16 << 20;
	odd.hitch = 0.6;
	odd.delay = 4;
	base.buffer_bytes = 16 << 20;
	base.media[0].capacity_bytes = UINT64_C(6400000000);
	base.media[0].wraps = 32;
}

static void calibrate(const struct late_host *kind, uint64_t seed)
{
	struct calibrate_config config = {
		.tape = &odd.tape, .base = &base, .medium = &base.media[0]
	};

	host = *kind;
	host.seed = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	late_host_between(&host, &config);
	calibrate_run(&config, &r);
	ck_assert_msg(r.end == CALIBRATE_DONE, "%s", r.message);
}

static void expect_no_verdict(int kind, uint64_t seed)
{
	for (int i = 0; i < CALIBRATE_CONSTANTS; i++) {
		const struct calibrate_value *v = &r.of[i];

		ck_assert_msg(v->found != CALIBRATE_NO_FIT,
		    "host %d, seed %" PRIu64 ": %s: %s", kind, seed,
		    calibrate_key(i), v->why);
		ck_assert(v->found == CALIBRATE_FOUND || v->value == 0);
	}
}

static void expect_near(enum calibrate_constant which, double value,
    double allowed)
{
	const struct calibrate_value *v = &r.of[which];

	ck_assert_msg(v->found == CALIBRATE_FOUND, "%s: %s",
	    calibrate_key(which), v->why);
	ck_assert_msg(fabs(v->value - value) <= allowed, "%s is %g, not %g",
	    calibrate_key(which), v->value, value);
}

/* A host that is not often late by more than a few milliseconds. */
static void expect_found(void)
{
	expect_near(CALIBRATE_RULE, MODEL_BELOW, 0);
	expect_near(CALIBRATE_HITCH, odd.hitch, 0.05 * odd.hitch);
	expect_near(CALIBRATE_HITCH_STANDSTILL, 0, 0.05);
	ck_assert_uint_eq(r.speeds_count, odd.speeds_count);
	for (size_t i = 0; i < r.speeds_count; i++)
		ck_assert(fabs(r.speeds[i] / odd.speeds[i] - 1) < 0.05);
}

static void try_one(void (*make)(void), int kind, uint64_t seed)
{
	setup();
	if (make != NULL)
		make();
	calibrate(&late_hosts[kind], seed);
	expect_no_verdict(kind, seed);
	if (kind <= LATE_LOADED)
		expect_found();
	calibrate_result_clear(&r);
}

static void try_all(void (*make)(void))
{
	uint64_t from = suite_number("CALIBRATE_FROM", 0);
	uint64_t count = suite_number("CALIBRATE_SEEDS", SEEDS);

	for (int kind = 0; kind < LATE_HOSTS; kind++)
		for (uint64_t i = 0; i < count; i++)
			if (from > 0 || i < SEEDS)
				try_one(make, kind,
				    from > 0 ? from + i : seeds[i]);
}

START_TEST(a_drive_as_the_model_has_it_always_fits)
{
	try_all(NULL);
}
END_TEST

START_TEST(a_small_drive_as_the_model_has_it_always_fits)
{
	try_all(make_small);
}
END_TEST

static void expect_no_fit(enum calibrate_constant which, const char *why)
{
	calibrate(&late_hosts[LATE_BUSY], 1);
	ck_assert_msg(r.of[which].found == CALIBRATE_NO_FIT,
	    "%s: found %d, %g: %s", calibrate_key(which), r.of[which].found,
	    r.of[which].value, r.of[which].why);
	ck_assert_msg(strstr(r.of[which].why, why) != NULL, "%s",
	    r.of[which].why);
	calibrate_result_clear(&r);
}

START_TEST(a_busy_host_still_sees_another_speed_rule)
{
	odd.rule = ODD_NEAREST;
	expect_no_fit(CALIBRATE_RULE, "none of the rules");
}
END_TEST

START_TEST(a_busy_host_still_sees_a_drive_without_steps)
{
	odd.rule = ODD_FEED;
	expect_no_fit(CALIBRATE_RULE, "no steps");
}
END_TEST

START_TEST(a_busy_host_still_sees_a_steady_feed_received_otherwise)
{
	odd.rule = ODD_SLOW_START;
	expect_no_fit(CALIBRATE_RULE, "of a steady feed");
}
END_TEST

START_TEST(a_busy_host_still_sees_a_restart_level_by_the_feed)
{
	odd.restart = 0.3;
	odd.restart_by_feed = 0.6;
	expect_no_fit(CALIBRATE_RESTART, "depends on the feed");
}
END_TEST

START_TEST(a_busy_host_still_sees_a_backhitch_out_of_proportion)
{
	odd.hitch_power = 3;
	expect_no_fit(CALIBRATE_HITCH_STANDSTILL, "in proportion");
}
END_TEST

START_TEST(without_a_rule_of_the_speeds_no_backhitch_is_judged)
{
	const struct calibrate_value *v = &r.of[CALIBRATE_HITCH_STANDSTILL];

	odd.rule = ODD_NEAREST;
	odd.hitch_power = 3;
	calibrate(&late_hosts[LATE_BUSY], 1);
	ck_assert_int_eq(r.of[CALIBRATE_RULE].found, CALIBRATE_NO_FIT);
	ck_assert_msg(v->found == CALIBRATE_CANNOT, "%s", v->why);
	ck_assert_ptr_nonnull(strstr(v->why, "rule of the speeds"));
	calibrate_result_clear(&r);
}
END_TEST

START_TEST(a_busy_host_still_sees_a_backhitch_with_a_step)
{
	odd.hitch_power = 0.5;
	odd.hitch_short = 0.4;
	expect_no_fit(CALIBRATE_HITCH_STANDSTILL, "in proportion");
}
END_TEST

START_TEST(a_busy_host_still_sees_a_block_time_that_is_no_line)
{
	odd.block_squared = 8e-15;
	expect_no_fit(CALIBRATE_COMMAND, "a rate");
}
END_TEST

/*
 * Expected: the size of the buffer, within its spread.  Bug: the sleeps end in
 * time, so the host did not look late, and a buffer that was not full again
 * before the flush was found too small.
 */
static const struct still_case {
	double still_s, share;
	uint64_t seed;
} still_cases[] = {
	{ 60e-3, 0.05, 7 },
	{ 60e-3, 0.05, 13 },
	{ 150e-3, 0.005, 15 },
	{ 150e-3, 0.005, 41 },
};

START_TEST(a_host_that_stands_still_knows_the_buffer_less_exactly)
{
	const struct still_case *k = &still_cases[_i];
	const struct late_host still = { .usual_s = 100e-6,
		.still_s = k->still_s,
		.still_share = k->share };
	const struct calibrate_value *v = &r.of[CALIBRATE_BUFFER_SIZE];

	make_small();
	calibrate(&still, k->seed);
	ck_assert_msg(v->found == CALIBRATE_FOUND, "%s", v->why);
	ck_assert_msg(fabs(v->value - odd.buffer) <= v->spread,
	    "%g +- %g, not %g", v->value, v->spread, odd.buffer);
	calibrate_result_clear(&r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("late host");
	TCase *tc = tcase_create("calibrate");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_set_timeout(tc, 1200);
	tcase_add_test(tc, a_drive_as_the_model_has_it_always_fits);
	tcase_add_test(tc, a_small_drive_as_the_model_has_it_always_fits);
	tcase_add_test(tc, a_busy_host_still_sees_another_speed_rule);
	tcase_add_test(tc, a_busy_host_still_sees_a_drive_without_steps);
	tcase_add_test(tc,
	    a_busy_host_still_sees_a_steady_feed_received_otherwise);
	tcase_add_test(tc, a_busy_host_still_sees_a_restart_level_by_the_feed);
	tcase_add_test(tc,
	    a_busy_host_still_sees_a_backhitch_out_of_proportion);
	tcase_add_test(tc, without_a_rule_of_the_speeds_no_backhitch_is_judged);
	tcase_add_test(tc, a_busy_host_still_sees_a_backhitch_with_a_step);
	tcase_add_test(tc, a_busy_host_still_sees_a_block_time_that_is_no_line);
	tcase_add_loop_test(tc,
	    a_host_that_stands_still_knows_the_buffer_less_exactly, 0,
	    sizeof still_cases / sizeof *still_cases);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

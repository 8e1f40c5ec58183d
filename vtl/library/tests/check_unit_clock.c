/*
 * check_unit_clock.c: the model clocks of the units of a served library, on a
 * clock of the test.
 */
#include <check.h>
#include <stdlib.h>

#include "splitter/tests/run_suite.h"
#include "vtl/library/unit_clock.h"

enum { MS = 1000 * 1000, CHANGER = 0, DRIVE = 1, UNITS };

static const int64_t start_ns = INT64_C(7000) * MS;
static int64_t now_ns;

static int64_t fake_now(void *arg)
{
	(void)arg;
	return now_ns;
}

static const struct pace_clock fake_clock = { .now_ns = fake_now };
static struct unit_clocks *clocks;

static void start(const struct pace_clock *clock, uint32_t speed_permille)
{
	now_ns = start_ns;
	clocks = unit_clocks_create(UNITS, clock, speed_permille);
	ck_assert_ptr_nonnull(clocks);
}

static void stop(void)
{
	unit_clocks_free(clocks);
}

/* An operation of `length_ns` of the model.  Returns when it ends. */
static int64_t operate(size_t unit, int64_t length_ns)
{
	const struct unit_time t = unit_clock_begin(clocks, unit);

	return unit_clock_end(clocks, unit, &t, t.now_ns + length_ns);
}

START_TEST(a_paced_operation_ends_in_real_time)
{
	start(&fake_clock, PACE_REAL_TIME);
	ck_assert(unit_clocks_paced(clocks));
	ck_assert_int_eq(operate(DRIVE, 300 * MS), start_ns + 300 * MS);
	stop();
}
END_TEST

START_TEST(a_speed_of_100_makes_it_a_hundredth)
{
	start(&fake_clock, 100 * PACE_REAL_TIME);
	ck_assert_int_eq(operate(DRIVE, 300 * MS), start_ns + 3 * MS);
	stop();
}
END_TEST

START_TEST(an_operation_begins_after_the_end_of_the_last_one)
{
	start(&fake_clock, PACE_REAL_TIME);
	operate(DRIVE, 300 * MS);
	now_ns += 100 * MS;
	ck_assert_int_eq(unit_clock_begin(clocks, DRIVE).now_ns, 300 * MS);
	ck_assert_int_eq(operate(DRIVE, 10 * MS), start_ns + 310 * MS);
	now_ns += 300 * MS;
	ck_assert_int_eq(unit_clock_begin(clocks, DRIVE).now_ns, 400 * MS);
	stop();
}
END_TEST

START_TEST(an_earlier_end_does_not_set_the_clock_back)
{
	struct unit_time move, rewind;

	start(&fake_clock, PACE_REAL_TIME);
	move = unit_clock_begin(clocks, DRIVE);
	rewind = unit_clock_begin(clocks, DRIVE);
	unit_clock_end(clocks, DRIVE, &rewind, 500 * MS);
	ck_assert_int_eq(unit_clock_end(clocks, DRIVE, &move, 10 * MS),
	    start_ns + 500 * MS);
	ck_assert_int_eq(unit_clock_begin(clocks, DRIVE).now_ns, 500 * MS);
	stop();
}
END_TEST

START_TEST(each_paced_unit_has_its_own_clock)
{
	start(&fake_clock, PACE_REAL_TIME);
	operate(DRIVE, 300 * MS);
	ck_assert_int_eq(unit_clock_begin(clocks, CHANGER).now_ns, 0);
	stop();
}
END_TEST

START_TEST(what_is_left_of_an_aborted_operation_passes_at_once)
{
	start(&fake_clock, 2 * PACE_REAL_TIME);
	operate(DRIVE, 800 * MS);
	now_ns += 100 * MS;
	unit_clock_skip(clocks, DRIVE);
	ck_assert_int_eq(unit_clock_begin(clocks, DRIVE).now_ns, 800 * MS);
	ck_assert_int_eq(operate(DRIVE, 20 * MS), start_ns + 110 * MS);
	now_ns += 30 * MS;
	unit_clock_skip(clocks, DRIVE);
	ck_assert_int_eq(unit_clock_begin(clocks, DRIVE).now_ns, 860 * MS);
	stop();
}
END_TEST

START_TEST(a_time_of_one_unit_is_converted_to_that_of_another)
{
	start(&fake_clock, 2 * PACE_REAL_TIME);
	ck_assert_int_eq(unit_clock_convert(clocks, DRIVE, CHANGER, 50 * MS),
	    50 * MS);
	operate(DRIVE, 800 * MS);
	now_ns += 100 * MS;
	unit_clock_skip(clocks, DRIVE);
	/* The drive skipped 300 ms of real time. */
	ck_assert_int_eq(unit_clock_convert(clocks, DRIVE, CHANGER, 820 * MS),
	    220 * MS);
	ck_assert_int_eq(unit_clock_convert(clocks, CHANGER, DRIVE, 220 * MS),
	    820 * MS);
	stop();
	start(NULL, PACE_REAL_TIME);
	ck_assert_int_eq(unit_clock_convert(clocks, DRIVE, CHANGER, 50 * MS),
	    50 * MS);
	stop();
}
END_TEST

/*
 * Expected: a busy drive keeps the rate of its model, though each wait ends
 * late.
 * Bug: what a wait took too long counted as time in which the host was idle.
 */
START_TEST(what_a_wait_takes_too_long_is_made_up)
{
	int64_t until_ns = 0;

	start(&fake_clock, PACE_REAL_TIME);
	for (int i = 0; i < 100; i++) {
		until_ns = operate(DRIVE, 10 * MS);
		if (now_ns < until_ns)
			now_ns = until_ns + 4 * MS;
		unit_clock_wake(clocks, DRIVE);
	}
	ck_assert_int_eq(until_ns, start_ns + 1000 * MS);
	/* The host is idle after that. */
	now_ns = until_ns + 30 * MS;
	unit_clock_wake(clocks, DRIVE);
	now_ns += 15 * MS;
	ck_assert_int_eq(unit_clock_begin(clocks, DRIVE).now_ns, 1015 * MS);
	stop();
}
END_TEST

START_TEST(without_pace_units_share_a_clock_and_nobody_waits)
{
	start(NULL, PACE_REAL_TIME);
	ck_assert(!unit_clocks_paced(clocks));
	ck_assert_int_eq(operate(DRIVE, 300 * MS), 0);
	now_ns += 100 * MS;
	ck_assert_int_eq(unit_clock_begin(clocks, CHANGER).now_ns, 300 * MS);
	operate(CHANGER, 50 * MS);
	ck_assert_int_eq(unit_clock_begin(clocks, DRIVE).now_ns, 350 * MS);
	stop();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("unit clocks");
	TCase *tc = tcase_create("unit clocks");

	tcase_add_test(tc, a_paced_operation_ends_in_real_time);
	tcase_add_test(tc, a_speed_of_100_makes_it_a_hundredth);
	tcase_add_test(tc, an_operation_begins_after_the_end_of_the_last_one);
	tcase_add_test(tc, an_earlier_end_does_not_set_the_clock_back);
	tcase_add_test(tc, each_paced_unit_has_its_own_clock);
	tcase_add_test(tc, what_is_left_of_an_aborted_operation_passes_at_once);
	tcase_add_test(tc, a_time_of_one_unit_is_converted_to_that_of_another);
	tcase_add_test(tc, what_a_wait_takes_too_long_is_made_up);
	tcase_add_test(tc, without_pace_units_share_a_clock_and_nobody_waits);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

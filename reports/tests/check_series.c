/* check_series.c: samples of a dump at equal distances of time. */
#include <check.h>

#include "reports/series.h"
#include "splitter/tests/run_suite.h"

static struct series series;

/* Adds all samples up to `at_ns` of a dump that is fed 3 bytes per ns. */
static void sample_until(int64_t at_ns)
{
	while (series_next_ns(&series) <= at_ns) {
		struct series_sample m = {
			.feed_bytes = 3 * (uint64_t)series_next_ns(&series),
		};

		series_add(&series, &m);
	}
}

static void end_at(int64_t at_ns)
{
	struct series_sample m = { .feed_bytes = 3 * (uint64_t)at_ns };

	sample_until(at_ns);
	series_end(&series, at_ns, &m);
}

START_TEST(intervals_lie_between_samples)
{
	series_init(&series, 10);
	end_at(25);
	ck_assert_uint_eq(series.count, 3);
	ck_assert_uint_eq(series_intervals(&series), 3);
	ck_assert_int_eq(series_span(&series, 1).begin_ns, 10);
	ck_assert_int_eq(series_span(&series, 1).end_ns, 20);
	ck_assert_int_eq(series_span(&series, 2).begin_ns, 20);
	ck_assert_int_eq(series_span(&series, 2).end_ns, 25);
	ck_assert_uint_eq(series_span(&series, 2).end->feed_bytes, 75);
}
END_TEST

START_TEST(no_interval_is_empty_if_the_end_is_a_sample)
{
	series_init(&series, 10);
	end_at(20);
	ck_assert_uint_eq(series_intervals(&series), 2);
	ck_assert_ptr_eq(series_span(&series, 1).end, &series.end);
	series_init(&series, 10);
	end_at(0);
	ck_assert_uint_eq(series_intervals(&series), 1);
	ck_assert_int_eq(series_span(&series, 0).end_ns, 0);
}
END_TEST

/* Returns how much of a motion interval `i` has. */
static int64_t motion(size_t i, enum series_motion what)
{
	struct series_span span = series_span(&series, i);

	return span.end->drive.motion_ns[what] -
	    span.begin->drive.motion_ns[what];
}

/* A load of 25 ns, and a flush of 14 ns, are counted when they begin. */
START_TEST(motion_lies_in_the_intervals_in_which_it_happened)
{
	series_init(&series, 10);
	series.drives = 1;
	for (int i = 0; i <= 5; i++) {
		struct series_sample m = { .feed_bytes = 0 };

		m.drive.motion_ns[SERIES_LOADING] = i >= 1 ? 25 : 0;
		m.drive.motion_ns[SERIES_STREAMING] = i >= 3 ? 14 : 0;
		m.drive.medium_bytes = i >= 3 ? 28 : 0;
		if (i < 5)
			series_add(&series, &m);
		else
			series_end(&series, 50, &m);
	}
	ck_assert_int_eq(motion(0, SERIES_LOADING), 10);
	ck_assert_int_eq(motion(1, SERIES_LOADING), 10);
	ck_assert_int_eq(motion(2, SERIES_LOADING), 5);
	ck_assert_int_eq(motion(2, SERIES_STREAMING), 5);
	ck_assert_uint_eq(series.sample[3].drive.medium_bytes, 10);
	ck_assert_int_eq(motion(3, SERIES_STREAMING), 9);
	ck_assert_uint_eq(series.sample[4].drive.medium_bytes, 28);
}
END_TEST

/* One drive loads while another one streams. */
START_TEST(drives_move_at_the_same_time)
{
	series_init(&series, 10);
	series.drives = 2;
	for (int i = 0; i <= 3; i++) {
		struct series_sample m = { .feed_bytes = 0 };

		m.drive.motion_ns[SERIES_LOADING] = i >= 1 ? 20 : 0;
		m.drive.motion_ns[SERIES_STREAMING] = 10 * i;
		series_add(&series, &m);
	}
	series_end(&series, 30, &series.sample[3]);
	for (size_t i = 0; i < 3; i++)
		ck_assert_int_eq(motion(i, SERIES_STREAMING), 10);
	ck_assert_int_eq(motion(0, SERIES_LOADING), 10);
	ck_assert_int_eq(motion(1, SERIES_LOADING), 10);
	ck_assert_int_eq(motion(2, SERIES_LOADING), 0);
}
END_TEST

START_TEST(a_series_without_an_end_has_no_interval)
{
	series_init(&series, 10);
	ck_assert_uint_eq(series_intervals(&series), 0);
	sample_until(100);
	ck_assert_uint_eq(series_intervals(&series), 0);
}
END_TEST

/* Samples that are dropped lose nothing, since all members are sums. */
START_TEST(a_long_series_keeps_every_byte)
{
	const int64_t end_ns = INT64_C(123456789);
	uint64_t fed = 0;

	series_init(&series, 1);
	end_at(end_ns);
	ck_assert_uint_ge(series.count, SERIES_SAMPLES / 2);
	ck_assert_uint_lt(series.count, SERIES_SAMPLES);
	for (size_t i = 0; i < series_intervals(&series); i++) {
		struct series_span span = series_span(&series, i);

		ck_assert_uint_eq(span.begin->feed_bytes,
		    3 * (uint64_t)span.begin_ns);
		ck_assert_uint_eq(span.end->feed_bytes,
		    3 * (uint64_t)span.end_ns);
		fed += span.end->feed_bytes - span.begin->feed_bytes;
	}
	ck_assert_uint_eq(fed, 3 * (uint64_t)end_ns);
}
END_TEST

START_TEST(the_largest_step_is_possible)
{
	series_init(&series, INT64_MAX / 2);
	for (int i = 0; i < 3; i++)
		series_add(&series, &(struct series_sample){ 0 });
	ck_assert_int_eq(series_next_ns(&series), INT64_MAX);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("series");
	TCase *tcase = tcase_create("series");

	tcase_add_test(tcase, intervals_lie_between_samples);
	tcase_add_test(tcase, no_interval_is_empty_if_the_end_is_a_sample);
	tcase_add_test(tcase, drives_move_at_the_same_time);
	tcase_add_test(tcase,
	    motion_lies_in_the_intervals_in_which_it_happened);
	tcase_add_test(tcase, a_series_without_an_end_has_no_interval);
	tcase_add_test(tcase, a_long_series_keeps_every_byte);
	tcase_add_test(tcase, the_largest_step_is_possible);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}

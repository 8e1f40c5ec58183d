/* check_series.c: rates and fill over time. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "reports/series.h"
#include "splitter/tests/run_suite.h"

static struct series series;

static struct series_bin sum(void)
{
	struct series_bin all = { 0 };

	for (size_t i = 0; i < SERIES_BINS; i++) {
		all.feed_bytes += series.bin[i].feed_bytes;
		all.tape_bytes += series.bin[i].tape_bytes;
		all.fill_bytes_ns += series.bin[i].fill_bytes_ns;
		all.covered_ns += series.bin[i].covered_ns;
	}
	return all;
}

static void assert_near(double a, double b)
{
	ck_assert_double_le(fabs(a - b), 1e-9 * fmax(fabs(a), fabs(b)));
}

START_TEST(a_span_is_spread_evenly_over_its_bins)
{
	series_init(&series, 10);
	series_add(&series, 5, 35, 300, 600, 7);
	ck_assert_uint_eq(series.used, 4);
	assert_near(series.bin[0].feed_bytes, 50);
	assert_near(series.bin[1].feed_bytes, 100);
	assert_near(series.bin[2].tape_bytes, 200);
	assert_near(series.bin[3].tape_bytes, 100);
	assert_near(series.bin[3].covered_ns, 5);
	assert_near(series.bin[1].fill_bytes_ns, 70);
}
END_TEST

START_TEST(overlapping_spans_add_up)
{
	series_init(&series, 10);
	series_add(&series, 0, 20, 100, 0, 3);
	series_add(&series, 10, 20, 0, 40, -1);
	assert_near(series.bin[1].feed_bytes, 50);
	assert_near(series.bin[1].tape_bytes, 40);
	assert_near(series.bin[1].covered_ns, 10);
}
END_TEST

START_TEST(an_instant_belongs_to_the_bin_that_it_ends)
{
	series_init(&series, 10);
	series_add(&series, 0, 0, 1, 0, 5);
	series_add(&series, 10, 10, 2, 0, 5);
	series_add(&series, 11, 11, 4, 0, 5);
	ck_assert_uint_eq(series.used, 2);
	assert_near(series.bin[0].feed_bytes, 3);
	assert_near(series.bin[1].feed_bytes, 4);
	ck_assert_double_eq(sum().covered_ns, 0);
}
END_TEST

START_TEST(a_merge_loses_nothing_and_counts_nothing_twice)
{
	double feed = 0, tape = 0, fill = 0, covered = 0;
	int64_t at_ns = 0;
	unsigned noise = 7;

	series_init(&series, 1);
	for (int i = 0; i < 20000; i++) {
		int64_t span_ns;

		noise = noise * 1664525u + 1013904223u;
		span_ns = i % 7 == 0 ? 0 : (int64_t)(noise >> (8 + i % 16));
		series_add(&series, at_ns, at_ns + span_ns, i, 2.0 * i,
		    i % 3 == 0 ? -1 : 10);
		feed += i;
		tape += 2.0 * i;
		if (i % 3 != 0) {
			fill += 10.0 * (double)span_ns;
			covered += (double)span_ns;
		}
		at_ns += span_ns;
	}
	ck_assert_uint_le(series.used, SERIES_BINS);
	ck_assert_uint_gt(series.used, SERIES_BINS / 2);
	ck_assert_int_ge(series.width_ns * (int64_t)series.used, at_ns);
	assert_near(sum().feed_bytes, feed);
	assert_near(sum().tape_bytes, tape);
	assert_near(sum().fill_bytes_ns, fill);
	assert_near(sum().covered_ns, covered);
	for (size_t i = series.used; i < SERIES_BINS; i++)
		ck_assert_double_eq(series.bin[i].tape_bytes, 0);
}
END_TEST

START_TEST(the_largest_time_is_possible)
{
	series_init(&series, 1);
	series_add(&series, 0, INT64_MAX, 1e6, 1e6, 1);
	series_add(&series, INT64_MAX, INT64_MAX, 1, 1, 1);
	ck_assert_uint_eq(series.used, SERIES_BINS);
	assert_near(sum().feed_bytes, 1e6 + 1);
	assert_near(series.bin[0].feed_bytes, 1e6 / SERIES_BINS);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("series");
	TCase *tcase = tcase_create("series");

	tcase_add_test(tcase, a_span_is_spread_evenly_over_its_bins);
	tcase_add_test(tcase, overlapping_spans_add_up);
	tcase_add_test(tcase, an_instant_belongs_to_the_bin_that_it_ends);
	tcase_add_test(tcase, a_merge_loses_nothing_and_counts_nothing_twice);
	tcase_add_test(tcase, the_largest_time_is_possible);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}

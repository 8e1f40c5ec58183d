/* check_feed_kinds.c: each kind of feed, and the distributions. */
#include <check.h>
#include <math.h>

#include "sim/source/feed_impl.h"
#include "sim/source/feed_trace.h"
#include "sim/source/tests/feed_cases.h"
#include "splitter/tests/run_suite.h"

#define SECOND INT64_C(1000000000)
#define MB     UINT64_C(1000000)

static struct feed feed;

static void begin(const struct feed_config *config)
{
	feed_init(&feed, config, 1000);
}

static double real(uint64_t fixed)
{
	return (double)fixed / (double)FEED_ONE;
}

START_TEST(fixed_point_functions_are_exact_to_a_millionth)
{
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t a = feed_cases_random(i, 0) >> (i % 60);
		uint64_t b =
		    1 + (feed_cases_random(i, 1) >> (i % 60)) % (a + 1);
		int64_t e =
		    (int64_t)(feed_cases_random(i, 2) % (FEED_ONE << 6)) -
		    (int64_t)(FEED_ONE << 5);
		double want = 1e6 * exp2((double)e / (double)FEED_ONE);

		ck_assert_double_eq_tol(real(feed_logarithm(a + 1, b)),
		    log2((double)(a + 1) / (double)b), 1e-6);
		ck_assert_double_eq_tol((double)feed_power(MB, e), want,
		    1 + want * 1e-6);
		ck_assert_uint_eq(feed_root((feed_wide)a * a), a);
		ck_assert_uint_eq(feed_root((feed_wide)a * a +
				      2 * (feed_wide)a),
		    a);
	}
	ck_assert_uint_eq(feed_power(3, 64 * (int64_t)FEED_ONE), UINT64_MAX);
	ck_assert_uint_eq(feed_power(UINT64_MAX, -65 * (int64_t)FEED_ONE), 0);
	ck_assert_double_eq_tol(real(feed_spread(10000, 10100)),
	    sqrt(2 * log(1.01)) / log(2), 1e-6);
}
END_TEST

/* The mean of e^(s x), where x is a sum of twelve uniform numbers. */
START_TEST(a_spread_gives_the_mean)
{
	static const uint64_t means[] = { 10300, 15000, 160000, 10000000,
		UINT64_MAX };
	double s, mean;

	mean = (double)means[_i] / 10000;
	s = real(feed_spread(10000, means[_i])) * log(2);
	ck_assert_double_eq_tol(pow(sinh(s / 2) / (s / 2), 12) / mean, 1, 1e-4);
}
END_TEST

/* Mean, deviation and the share within a deviation, of 20000 numbers. */
static void measure(const struct feed_draw *d, double *mean, double *deviation,
    double *below_middle)
{
	enum { N = 20000 };
	double sum = 0, squares = 0, below = 0;

	for (uint64_t i = 0; i < N; i++) {
		double x = (double)feed_drawn(d, feed_cases_random(i, 7));

		ck_assert(x >= (double)d->min && x <= (double)d->max);
		sum += x;
		squares += x * x;
		below += x < (double)d->middle;
	}
	*mean = sum / N;
	*deviation = sqrt(squares / N - *mean * *mean);
	*below_middle = below / N;
}

START_TEST(distributions_have_their_mean_and_median)
{
	struct feed_draw d = { .min = 100, .max = 200, .middle = 150 };
	double mean, deviation, below;

	measure(&d, &mean, &deviation, &below);
	ck_assert_double_eq_tol(mean, 150, 1);
	ck_assert_double_eq_tol(deviation, 100 / sqrt(12), 1);

	d = (struct feed_draw){ 1, UINT64_MAX, FEED_NORMAL, 5000, 700 };
	measure(&d, &mean, &deviation, &below);
	ck_assert_double_eq_tol(mean, 5000, 20);
	ck_assert_double_eq_tol(deviation, 700, 15);
	ck_assert_double_eq_tol(below, 0.5, 0.01);

	d = (struct feed_draw){ 0, UINT64_MAX, FEED_LOGNORMAL, 600 * MB,
		feed_spread(600 * MB, 900 * MB) };
	measure(&d, &mean, &deviation, &below);
	ck_assert_double_eq_tol(mean / (900 * MB), 1, 0.03);
	ck_assert_double_eq_tol(below, 0.5, 0.01);
}
END_TEST

/* measure() checks the bounds. */
START_TEST(distributions_keep_within_their_bounds)
{
	struct feed_draw d = { 4900, 5100, FEED_NORMAL, 5000, 100000 };
	double mean, deviation, below;

	measure(&d, &mean, &deviation, &below);
	ck_assert_double_eq_tol(mean, 5000, 5);
	d = (struct feed_draw){ 90, 700, FEED_LOGNORMAL, 100,
		feed_spread(100, 500) };
	measure(&d, &mean, &deviation, &below);
	ck_assert_double_gt(mean, 100);
	d = (struct feed_draw){ UINT64_MAX, UINT64_MAX, FEED_LOGNORMAL, 1,
		feed_spread(1, UINT64_MAX) };
	ck_assert_uint_eq(feed_drawn(&d, 1), UINT64_MAX);
}
END_TEST

/* With the middle as the lowest number, half of all draws are repeated. */
START_TEST(a_draw_without_a_highest_number_is_near_the_middle)
{
	enum { N = 400000 };
	const struct feed_draw draws[] = {
		{ 1000, INT64_MAX, FEED_NORMAL, 1000, 400 },
		{ 1000, INT64_MAX, FEED_LOGNORMAL, 1000,
		    feed_spread(1000, 1200) },
	};

	for (size_t k = 0; k < sizeof draws / sizeof *draws; k++)
		for (uint64_t i = 0; i < N; i++)
			ck_assert_uint_lt(feed_drawn(&draws[k],
					      feed_cases_random(i, 7)),
			    100000);
}
END_TEST

/* 2 s at 500 MB/s, 3 s off: a gigabyte in each 5 s. */
START_TEST(bursts_come_and_go)
{
	struct feed_config config = { .kind = FEED_BURSTS,
		.rate_bytes_per_s = { .min = 500 * MB, .max = 500 * MB },
		.on_ns = { .min = 2 * SECOND, .max = 2 * SECOND },
		.off_ns = { .min = 3 * SECOND, .max = 3 * SECOND } };

	begin(&config);
	ck_assert_int_eq(feed_take(&feed, 1000 * MB), 2 * SECOND);
	ck_assert_int_eq(feed_take(&feed, 1000), 3 * SECOND + 2000);
	ck_assert_int_eq(feed_take(&feed, 999 * MB + 999000),
	    2 * SECOND - 2000);
	config.off_bytes_per_s = 10 * MB;
	begin(&config);
	ck_assert_int_eq(feed_take(&feed, 1030 * MB), 5 * SECOND);
}
END_TEST

START_TEST(burst_times_are_drawn)
{
	struct feed_config config = { .kind = FEED_BURSTS,
		.rate_bytes_per_s = { .min = MB, .max = MB },
		.on_ns = { .min = SECOND, .max = 3 * SECOND },
		.off_ns = { .min = SECOND, .max = 3 * SECOND } };
	double rate;

	begin(&config);
	feed_take(&feed, 2000 * MB);
	rate = 2000.0 * (double)SECOND / (double)feed.spent_ns;
	ck_assert_double_eq_tol(rate, 0.5, 0.03);
}
END_TEST

/* 10 ms and 1 MB at 100 MB/s: 20 ms a file. */
START_TEST(each_file_costs_its_overhead)
{
	struct feed_config config = { .kind = FEED_FILES,
		.rate_bytes_per_s = { .min = 100 * MB, .max = 100 * MB },
		.file_ns = { .min = SECOND / 100, .max = SECOND / 100 },
		.file_bytes = { .min = MB, .max = MB } };

	begin(&config);
	ck_assert_int_eq(feed_take(&feed, MB), SECOND / 50);
	ck_assert_int_eq(feed_take(&feed, 99 * MB), 99 * SECOND / 50);
	ck_assert_int_eq(feed_take(&feed, 1000), SECOND / 100 + 10000);
}
END_TEST

/* Correlation of the rates of neighbouring tenths of a second. */
static double memory(int64_t memory_ns, double *mean, double *deviation)
{
	enum { N = 5000 };
	struct feed_config config = { .kind = FEED_NETWORK,
		.rate_bytes_per_s = { .min = 1,
		    .max = UINT64_MAX,
		    .middle = 100 * MB,
		    .spread = 10 * MB },
		.every_ns = SECOND / 10,
		.memory_ns = memory_ns };
	double before = 0, sum = 0, squares = 0, products = 0, x;

	begin(&config);
	for (int i = 0; i < N; i++) {
		feed_take(&feed, feed.segment.bytes - feed.taken + 1);
		x = (double)feed.segment.bytes * 10 - 100 * MB;
		sum += x;
		squares += x * x;
		products += x * before;
		before = x;
	}
	*mean = sum / N + 100 * MB;
	*deviation = sqrt(squares / N);
	return products / squares;
}

START_TEST(a_network_remembers_its_rate)
{
	double mean, deviation;

	ck_assert_double_eq_tol(memory(SECOND, &mean, &deviation), exp(-0.1),
	    0.03);
	ck_assert_double_eq_tol(mean / MB, 100, 2);
	ck_assert_double_eq_tol(deviation / MB, 10, 1);
	ck_assert_double_eq_tol(memory(1, &mean, &deviation), 0, 0.05);
	ck_assert_double_eq_tol(deviation / MB, 10, 0.5);
}
END_TEST

static struct feed_trace_row rows[] = { { SECOND, 0 }, { 3 * SECOND, 2000 },
	{ 3 * SECOND, 500 }, { 4 * SECOND, 1000 } };
static const struct feed_trace trace = { rows, 4, 3500 };

START_TEST(a_trace_is_repeated_and_stretched)
{
	struct feed_config config = {
		.kind = FEED_TRACE, .trace = &trace, .stretch = 100000000
	};

	begin(&config);
	ck_assert_int_eq(feed_take(&feed, 1000), 2 * SECOND);
	ck_assert_int_eq(feed_take(&feed, 1500), SECOND);
	ck_assert_int_eq(feed_take(&feed, 500), SECOND / 2);
	ck_assert_int_eq(feed_take(&feed, 500), SECOND / 2);
	ck_assert_int_eq(feed_take(&feed, 1000), 2 * SECOND);
	config.stretch = 250000000;
	begin(&config);
	ck_assert_int_eq(feed_take(&feed, 3500), 10 * SECOND);
	config.stretch = 1; /* 10^-8 */
	begin(&config);
	ck_assert_int_eq(feed_take(&feed, 7000), 80);
}
END_TEST

/* 875 bytes a second; the pieces of a slow producer are small. */
START_TEST(pieces_are_a_hundredth_of_a_second)
{
	struct feed_config config = {
		.kind = FEED_TRACE, .trace = &trace, .stretch = 100000000
	};

	begin(&config);
	ck_assert_uint_eq(feed_piece(&feed, 1000), 8);
	config.stretch = 100000000000;
	begin(&config);
	ck_assert_uint_eq(feed_piece(&feed, 1000), 1);
	config = (struct feed_config){ .kind = FEED_FILES,
		.rate_bytes_per_s = { .min = 5000, .max = 9000 } };
	begin(&config);
	ck_assert_uint_eq(feed_piece(&feed, 1000), 50);
	ck_assert_uint_eq(feed_piece(&feed, 10), 10);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("feed_kinds");
	TCase *tc = tcase_create("feed_kinds");

	tcase_add_test(tc, fixed_point_functions_are_exact_to_a_millionth);
	tcase_add_loop_test(tc, a_spread_gives_the_mean, 0, 5);
	tcase_add_test(tc, distributions_have_their_mean_and_median);
	tcase_add_test(tc, distributions_keep_within_their_bounds);
	tcase_add_test(tc, a_draw_without_a_highest_number_is_near_the_middle);
	tcase_add_test(tc, bursts_come_and_go);
	tcase_add_test(tc, burst_times_are_drawn);
	tcase_add_test(tc, each_file_costs_its_overhead);
	tcase_add_test(tc, a_network_remembers_its_rate);
	tcase_add_test(tc, a_trace_is_repeated_and_stretched);
	tcase_add_test(tc, pieces_are_a_hundredth_of_a_second);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* check_feed.c: when the bytes of a feed come. */
#include <check.h>

#include "sim/source/feed.h"
#include "sim/source/tests/feed_cases.h"
#include "splitter/base/later.h"
#include "splitter/tests/run_suite.h"

#define SECOND INT64_C(1000000000)

static struct feed feed;

static void begin(struct feed_config config, uint64_t block_bytes)
{
	feed_init(&feed, &config, block_bytes);
}

static struct feed_config rates(uint64_t min, uint64_t max)
{
	return (struct feed_config){ .kind = FEED_RATES,
		.seed = 1,
		.rate_bytes_per_s = { .min = min, .max = max },
		.every_ns = SECOND };
}

START_TEST(an_unlimited_feed_takes_no_time)
{
	begin((struct feed_config){ .kind = FEED_UNLIMITED }, 512);
	ck_assert_int_eq(feed_take(&feed, UINT64_MAX), 0);
	ck_assert_uint_eq(feed_piece(&feed, 7), 7);
}
END_TEST

START_TEST(a_constant_rate_takes_bytes_over_rate)
{
	begin(rates(100000000, 100000000), 65536);
	ck_assert_int_eq(feed_take(&feed, 1 << 20), 10485760);
	ck_assert_int_eq(feed_take(&feed, UINT64_C(18000000000000)),
	    180000 * SECOND);
}
END_TEST

START_TEST(no_byte_is_free)
{
	begin(rates(UINT64_MAX, UINT64_MAX), 4096);
	ck_assert_int_eq(feed_take(&feed, 1), 1);
}
END_TEST

START_TEST(a_feed_starts_late)
{
	struct feed_config config = rates(1000, 1000);

	config.start_ns = 5 * SECOND;
	begin(config, 1000);
	ck_assert_int_eq(feed_take(&feed, 1000), 6 * SECOND);
	ck_assert_int_eq(feed_take(&feed, 1000), SECOND);
}
END_TEST

/* Each rate holds for a second, whatever the dump takes in it. */
START_TEST(a_range_draws_a_rate_for_each_second)
{
	uint64_t bytes = 0, low = UINT64_MAX, high = 0;

	begin(rates(1000000, 3000000), 1000);
	for (int64_t second = 1; second <= 1000; second++) {
		bytes = 0;
		while (feed.spent_ns < second * SECOND) {
			feed_take(&feed, 1000);
			bytes += 1000;
		}
		low = bytes < low ? bytes : low;
		high = bytes > high ? bytes : high;
	}
	ck_assert(low >= 999000 && low < 1010000);
	ck_assert(high > 2990000 && high <= 3001000);
}
END_TEST

START_TEST(a_rate_can_be_drawn_for_each_block)
{
	struct feed_config config = rates(1000000, 2000000);
	int64_t before, now;
	int changes = 0;

	config.every_ns = 0;
	config.every_bytes = 1000;
	begin(config, 1000);
	before = feed_take(&feed, 1000);
	for (int i = 0; i < 100; i++, before = now) {
		now = feed_take(&feed, 1000);
		ck_assert(now >= 500000 && now <= 1000000);
		changes += now != before;
	}
	ck_assert_int_gt(changes, 95);
}
END_TEST

/* Invariant 1: feed_take() in pieces of any size, and in one piece. */
START_TEST(time_does_not_depend_on_the_pieces)
{
	struct feed_config config;
	struct feed whole;
	uint64_t left, most, n;

	feed_cases_draw(&config, (uint64_t)_i);
	feed_init(&whole, &config, 4096);
	begin(config, 4096);
	for (int round = 0; round < 3; round++) {
		most = feed_cases_random((uint64_t)_i, 2 + (uint64_t)round) %
		    (UINT64_C(1) << (4 * round + 4));
		left = most * 50 + 1;
		feed_take(&whole, left);
		for (int i = 0; left > 0; left -= n, i++) {
			n = 1 +
			    feed_cases_random((uint64_t)_i, 100 + (uint64_t)i) %
				(most + 1);
			n = n < left ? n : left;
			feed_take(&feed, n);
		}
		ck_assert_int_eq(feed.spent_ns, whole.spent_ns);
	}
}
END_TEST

/* feed_take() keeps the promise of feed_steady(). */
START_TEST(steady_pieces_take_equal_times)
{
	const uint64_t piece = UINT64_C(4096) << (_i % 5);
	struct feed_config config;
	int64_t each_ns;
	uint64_t steady;

	feed_cases_draw(&config, (uint64_t)_i);
	begin(config, 4096);
	ck_assert_uint_eq(feed_steady(&feed, piece, &each_ns), 0);
	for (int i = 0; i < 50 && feed.segments < 20000; i++) {
		feed_take(&feed, piece);
		steady = feed_steady(&feed, piece, &each_ns);
		for (uint64_t k = 0; k < steady && k < 100; k++)
			ck_assert_int_eq(feed_take(&feed, piece), each_ns);
	}
}
END_TEST

START_TEST(no_feed_is_faster_than_its_least_time)
{
	struct feed_config config;
	uint64_t bytes = 1 + feed_cases_random((uint64_t)_i, 1) % 50000;

	feed_cases_draw(&config, (uint64_t)_i);
	begin(config, 4096);
	ck_assert_int_le(feed_least_ns(&config, bytes),
	    feed_take(&feed, bytes));
	config.start_ns = 0;
	if (config.kind != FEED_UNLIMITED)
		ck_assert_int_gt(feed_least_ns(&config, UINT64_MAX), 0);
}
END_TEST

START_TEST(a_constant_rate_is_steady)
{
	int64_t each_ns;

	begin(rates(123456789, 123456789), 524288);
	feed_take(&feed, 524288);
	ck_assert_uint_gt(feed_steady(&feed, 8 << 20, &each_ns), 1 << 30);
	ck_assert_uint_eq(feed_steady(&feed, 1000, &each_ns), 0);
}
END_TEST

START_TEST(a_closed_feed_waits_with_the_dump)
{
	begin(rates(1000, 1000), 1000);
	ck_assert_int_eq(feed_ready(&feed, 1000, 0, 0), SECOND);
	feed_accepted(&feed, 1000, 9 * SECOND);
	ck_assert_int_eq(feed_ready(&feed, 1000, 9 * SECOND, 5),
	    10 * SECOND + 5);
	ck_assert_int_eq(feed.late_max_ns, 0);
	ck_assert_int_eq(feed_late_mean_ns(&feed), 0);
}
END_TEST

/* Accepted at 5 s instead of 1 s; the next is due at 2 s, and late too. */
START_TEST(an_open_feed_does_not_wait)
{
	struct feed_config config = rates(1000, 1000);
	int64_t each_ns;

	config.open = true;
	begin(config, 1000);
	ck_assert_int_eq(feed_ready(&feed, 1000, 0, 0), SECOND);
	ck_assert_uint_gt(feed_steady(&feed, 1000, &each_ns), 0);
	feed_accepted(&feed, 1000, 5 * SECOND);
	ck_assert_int_eq(feed_ready(&feed, 1000, 5 * SECOND, 0), 5 * SECOND);
	ck_assert_uint_eq(feed_steady(&feed, 1000, &each_ns), 0);
	feed_accepted(&feed, 1000, 5 * SECOND);
	ck_assert_int_eq(feed_ready(&feed, 2000, 5 * SECOND, 2 * SECOND),
	    6 * SECOND);
	feed_accepted(&feed, 2000, 6 * SECOND);
	ck_assert_int_eq(feed.late_max_ns, 4 * SECOND);
	ck_assert_int_eq(feed_late_mean_ns(&feed), 7 * SECOND / 4);
}
END_TEST

START_TEST(an_open_feed_begins_with_its_dump)
{
	struct feed_config config = rates(1000, 1000);

	config.open = true;
	begin(config, 1000);
	ck_assert_int_eq(feed_ready(&feed, 1000, 100 * SECOND, 0),
	    101 * SECOND);
}
END_TEST

START_TEST(time_ends_at_the_latest_time)
{
	struct feed_config config;

	feed_cases_draw(&config, (uint64_t)_i);
	config.start_ns = LATER_MOST_NS - 1000;
	config.rate_bytes_per_s = (struct feed_draw){ .min = 1, .max = 1 };
	config.off_bytes_per_s = 1;
	config.every_ns = LATER_MOST_NS / 4;
	begin(config, 4096);
	ck_assert_int_le(feed_ready(&feed, UINT64_MAX, LATER_MOST_NS - 5,
			     LATER_MOST_NS),
	    LATER_MOST_NS);
	feed_accepted(&feed, UINT64_MAX, LATER_MOST_NS);
	ck_assert_int_le(feed_late_mean_ns(&feed), LATER_MOST_NS);
	if (config.kind != FEED_UNLIMITED)
		ck_assert_int_eq(feed.spent_ns, LATER_MOST_NS);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("feed");
	TCase *tc = tcase_create("feed");

	tcase_add_test(tc, an_unlimited_feed_takes_no_time);
	tcase_add_test(tc, a_constant_rate_takes_bytes_over_rate);
	tcase_add_test(tc, no_byte_is_free);
	tcase_add_test(tc, a_feed_starts_late);
	tcase_add_test(tc, a_range_draws_a_rate_for_each_second);
	tcase_add_test(tc, a_rate_can_be_drawn_for_each_block);
	tcase_add_loop_test(tc, time_does_not_depend_on_the_pieces, 0, 60);
	tcase_add_loop_test(tc, steady_pieces_take_equal_times, 0, 60);
	tcase_add_loop_test(tc, no_feed_is_faster_than_its_least_time, 0, 60);
	tcase_add_test(tc, a_constant_rate_is_steady);
	tcase_add_test(tc, a_closed_feed_waits_with_the_dump);
	tcase_add_test(tc, an_open_feed_does_not_wait);
	tcase_add_test(tc, an_open_feed_begins_with_its_dump);
	tcase_add_loop_test(tc, time_ends_at_the_latest_time, 0, 50);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

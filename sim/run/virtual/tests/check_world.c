/* check_world.c: several streams on one clock. */
#include <check.h>

#include "sim/run/virtual/timeline.h"
#include "splitter/base/random.h"
#include "splitter/tests/run_suite.h"

enum { STREAMS_MAX = 40, STEPS = 4000, TIMES = 50 };

/* Returns the index with the least (time, index), by the definition. */
static size_t first_by_definition(const int64_t *at_ns, size_t count)
{
	size_t first = 0;

	for (size_t i = 1; i < count; i++)
		if (at_ns[i] < at_ns[first])
			first = i;
	return first;
}

/* Times are few, so that many of them are equal. */
START_TEST(heap_and_scan_have_the_order_of_time_and_index)
{
	size_t count = (size_t)_i;
	struct timeline *scan = timeline_new(count, false);
	struct timeline *heap = timeline_new(count, true);
	int64_t at_ns[STREAMS_MAX] = { 0 }, x, y;
	size_t i;

	for (uint64_t n = 0; n < STEPS; n++) {
		i = first_by_definition(at_ns, count);
		ck_assert_uint_eq(timeline_first(scan, &x), i);
		ck_assert_uint_eq(timeline_first(heap, &y), i);
		ck_assert_int_eq(x, at_ns[i]);
		ck_assert_int_eq(y, at_ns[i]);
		i = random_next(count, 2 * n) % count;
		at_ns[i] = (int64_t)(random_next(count, 2 * n + 1) % TIMES);
		timeline_set(scan, i, at_ns[i]);
		timeline_set(heap, i, at_ns[i]);
	}
	timeline_free(scan);
	timeline_free(heap);
}
END_TEST

START_TEST(order_does_not_depend_on_the_order_of_insertion)
{
	size_t count = (size_t)_i, order[2][STREAMS_MAX];
	int64_t at_ns;

	for (size_t way = 0; way < 2; way++) {
		struct timeline *t = timeline_new(count, true);

		for (size_t n = 0; n < count; n++) {
			size_t i = way == 0 ? n : count - 1 - n;

			timeline_set(t, i, (int64_t)(i % 3));
		}
		for (size_t n = 0; n < count; n++) {
			order[way][n] = timeline_first(t, &at_ns);
			timeline_set(t, order[way][n], INT64_MAX);
		}
		timeline_free(t);
	}
	for (size_t n = 0; n < count; n++)
		ck_assert_uint_eq(order[0][n], order[1][n]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("world");
	TCase *tc = tcase_create("timeline");

	tcase_add_loop_test(tc, heap_and_scan_have_the_order_of_time_and_index,
	    1, STREAMS_MAX + 1);
	tcase_add_loop_test(tc, order_does_not_depend_on_the_order_of_insertion,
	    1, STREAMS_MAX + 1);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* check_source_events.c: where the producer pauses, and where it ends. */
#include <check.h>

#include "sim/source/source_events.h"
#include "splitter/tests/run_suite.h"

static const struct source_event list[] = {
	{ 10, SOURCE_EVENT_STALL, 5, 0 },
	{ 10, SOURCE_EVENT_STALL, 7, 0 },
	{ 20, SOURCE_EVENT_STALL, 1, 0 },
	{ 20, SOURCE_EVENT_FAIL, 0, 0 },
	{ 20, SOURCE_EVENT_CANCEL, 0, 0 },
};

START_TEST(a_piece_ends_at_the_next_event)
{
	struct source_events s = { .list = list, .count = 5 };

	ck_assert_uint_eq(source_events_room(&s, 0), 10);
	ck_assert_uint_eq(source_events_room(&s, 9), 1);
	ck_assert_uint_eq(source_events_room(&s, 10), 0);
	ck_assert_int_eq(source_events_pause(&s, 10), 12);
	ck_assert_uint_eq(source_events_room(&s, 10), 10);
	ck_assert(!source_events_pauses(&s, 10));
	ck_assert_int_eq(source_events_pause(&s, 10), 0);
}
END_TEST

START_TEST(a_stall_comes_before_an_end_at_the_same_place)
{
	struct source_events s = { .list = list, .count = 5, .next = 2 };

	ck_assert(!source_events_pauses(&s, 19));
	ck_assert(source_events_pauses(&s, 20));
	ck_assert_int_eq(source_events_end(&s, 20), SOURCE_EVENT_NONE);
	ck_assert_int_eq(source_events_pause(&s, 20), 1);
	ck_assert_int_eq(source_events_end(&s, 19), SOURCE_EVENT_NONE);
	ck_assert_int_eq(source_events_end(&s, 20), SOURCE_EVENT_FAIL);
	ck_assert_uint_eq(source_events_room(&s, 20), 0);
}
END_TEST

START_TEST(without_events_nothing_stops)
{
	struct source_events s = { .count = 0 };

	ck_assert_uint_eq(source_events_room(&s, 5), UINT64_MAX);
	ck_assert_int_eq(source_events_pause(&s, 5), 0);
	ck_assert_int_eq(source_events_end(&s, UINT64_MAX), SOURCE_EVENT_NONE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("source_events");
	TCase *tc = tcase_create("source_events");

	tcase_add_test(tc, a_piece_ends_at_the_next_event);
	tcase_add_test(tc, a_stall_comes_before_an_end_at_the_same_place);
	tcase_add_test(tc, without_events_nothing_stops);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* check_feed_recording.c: recordings of feeds, and their traces. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/source/feed.h"
#include "sim/source/feed_recording.h"
#include "sim/source/feed_trace.h"
#include "sim/source/tests/feed_cases.h"
#include "splitter/tests/run_suite.h"

#define MS INT64_C(1000000)

static struct feed_recording recording;

/* Returns the text of the trace, which the caller frees. */
static char *printed(void)
{
	char *text;
	size_t bytes;
	FILE *f = open_memstream(&text, &bytes);

	ck_assert_ptr_nonnull(f);
	feed_recording_print(&recording, f);
	ck_assert_int_eq(fclose(f), 0);
	return text;
}

START_TEST(bytes_of_an_interval_are_one_row)
{
	char *text;

	feed_recording_init(&recording, 10 * MS, 1000);
	feed_recording_add(&recording, 0, 1);
	feed_recording_add(&recording, 9 * MS, 2);
	feed_recording_add(&recording, 10 * MS, 4);
	feed_recording_add(&recording, 57 * MS, 8);
	text = printed();
	ck_assert_str_eq(text,
	    "time_ns\tbytes\n"
	    "10000000\t3\n"
	    "20000000\t4\n"
	    "50000000\t0\n"
	    "57000000\t8\n");
	free(text);
	feed_recording_clear(&recording);
}
END_TEST

START_TEST(nothing_comes_before_the_first_bytes)
{
	char *text;

	feed_recording_init(&recording, 10 * MS, 1000);
	feed_recording_add(&recording, 1005 * MS, 7);
	text = printed();
	ck_assert_str_eq(text,
	    "time_ns\tbytes\n1000000000\t0\n1005000000\t7\n");
	free(text);
	feed_recording_clear(&recording);
}
END_TEST

/* Invariant of the reader, and the bound of the writer, for random feeds. */
START_TEST(a_recording_is_bounded_and_can_be_replayed)
{
	static char path[] = "/tmp/check_feed_recording.XXXXXX";
	uint64_t number = (uint64_t)_i, sum = 0;
	size_t most = 4 + feed_cases_random(number, 0) % 60;
	int64_t now = 0;
	struct feed_trace *t;
	char *text, err[256];
	FILE *f;

	feed_recording_init(&recording, 1 + (int64_t)number * MS, most);
	for (uint64_t i = 1; i < 2000; i++) {
		uint64_t bytes = 1 + feed_cases_random(number, i) % 100000;

		now += (int64_t)(feed_cases_random(number, i + 5000) >>
		    (20 + feed_cases_random(number, i + 9000) % 40));
		feed_recording_add(&recording, now, bytes);
		sum += bytes;
	}
	text = printed();
	strcpy(path + sizeof path - 7, "XXXXXX");
	f = fdopen(mkstemp(path), "w");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
	t = feed_trace_read(path, "t", err, sizeof err);
	ck_assert_msg(t != NULL, "%s\n%s", err, text);
	remove(path);
	ck_assert_uint_le(t->count, most);
	ck_assert_uint_ge(t->count, most / 4);
	ck_assert_uint_eq(t->bytes, sum);
	ck_assert_int_eq(t->rows[t->count - 1].time_ns, now);
	feed_trace_free(t);
	free(text);
	feed_recording_clear(&recording);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("feed_recording");
	TCase *tc = tcase_create("feed_recording");

	tcase_add_test(tc, bytes_of_an_interval_are_one_row);
	tcase_add_test(tc, nothing_comes_before_the_first_bytes);
	tcase_add_loop_test(tc, a_recording_is_bounded_and_can_be_replayed, 0,
	    20);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* check_metrics.c: metrics by name; parsing and checking of expectations. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/metrics/metrics.h"
#include "splitter/tests/run_suite.h"

#define LISTED "tapelab-scenario(5) lists the metrics"

static char a_text[] = "DONE", a_line[] = "1:5  2:6F|2:6",
	    a_restored[] = "source", a_yes[] = "yes";

/* The result of a run. */
static const struct metrics_value run[METRIC_COUNT] = {
	[METRIC_OUTCOME] = { true, a_text, 0, 0 },
	[METRIC_ATTEMPTS] = { true, a_line, 0, 0 },
	[METRIC_SAFE_BYTES] = { true, NULL, 3145728, 0 },
	[METRIC_PARTS] = { true, NULL, 2, 0 },
	[METRIC_VOLUMES_USED] = { true, NULL, 4, 0 },
	[METRIC_RESTORED] = { true, a_restored, 0, 0 },
	[METRIC_THROUGHPUT_MEAN] = { true, NULL, 0, 251.5e6 },
	[METRIC_WRITE_RATE_MEAN] = { true, NULL, 0, 300e6 },
	[METRIC_DUMP_BYTES] = { true, NULL, UINT64_C(1) << 63, 0 },
	[METRIC_TAPE_BYTES] = { true, NULL, 9007199254740993, 0 },
	[METRIC_FAILED_ATTEMPTS] = { true, NULL, 1, 0 },
	[METRIC_DURATION] = { true, NULL, 0, 3 },
	[METRIC_PRODUCER_BLOCKED] = { true, NULL, 0, 0 },
	[METRIC_DRIVE_STARVED] = { true, NULL, 0, 0.0125 },
	[METRIC_DRIVE_WAIT] = { true, NULL, 0, 600 },
	[METRIC_FEED_RATE_MEAN] = { false, NULL, 0, 0 },
	[METRIC_BUFFER_FILL_MEAN] = { true, NULL, 0, 99.5 },
	[METRIC_BUFFER_FILL_MAX] = { true, NULL, 0, 100 },
	[METRIC_SPOOL_FULL_PARTS] = { true, NULL, 3, 0 },
	[METRIC_CACHE_READ_BYTES] = { true, NULL, 393216, 0 },
	[METRIC_RESTORE_MOUNTS] = { true, NULL, 2, 0 },
	[METRIC_STOPS_FOR_DATA_PER_HOUR] = { true, NULL, 0, 12.5 },
	[METRIC_SEALED] = { true, a_yes, 0, 0 },
};

static const struct row {
	const char *text;
	bool holds;
} rows[] = {
	{ "outcome == DONE", true },
	{ "outcome != DONE", false },
	{ "  outcome==PARTIAL  ", false },
	{ "outcome != FAILED", true },
	{ "attempts == 1:5 2:6F | 2:6", true },
	{ "attempts == 1:5   2:6F|2:6", true },
	{ "attempts != 1:5 2:6F | 2:6", false },
	{ "attempts == 1:5 2:6F 2:6", false },
	{ "attempts == 1:5 | 2:6F | 2:6", false },
	{ "attempts == 1:5 2:6 | 2:6", false },
	{ "attempts == 1:5 2:6F | 2:6 3:1", false },
	{ "attempts == 1:5", false },
	{ "attempts == none", false },
	{ "safe_bytes == 3 MiB", true },
	{ "safe_bytes == 3145728 B", true },
	{ "safe_bytes != 0", true },
	{ "safe_bytes < 3 MB", false },
	{ "parts == 2", true },
	{ "parts <= 1", false },
	{ "parts > 1", true },
	{ "volumes_used >= 4", true },
	{ "volumes_used < 4", false },
	{ "sealed == yes", true },
	{ "sealed != no", true },
	{ "restored == source", true },
	{ "restored == different", false },
	{ "throughput_mean >= 251.5 MB/s", true },
	{ "throughput_mean > 251.5 MB/s", false },
	{ "write_rate_mean == 300 MB/s", true },
	{ "write_rate_mean > 299999999 B/s", true },
	{ "dump_bytes == 8388608 TiB", true },
	{ "tape_bytes == 9007199254740993 B", true },
	{ "tape_bytes == 9007199254740992 B", false },
	{ "failed_attempts == 1", true },
	{ "failed_attempts == 0", false },
	{ "duration == 3 s", true },
	{ "duration < 0.05 min", false },
	{ "producer_blocked == 0", true },
	{ "producer_blocked > 0", false },
	{ "drive_starved <= 12.5 ms", true },
	{ "drive_starved < 12.5 ms", false },
	{ "feed_rate_mean >= 0", false },
	{ "stops_for_data_per_hour == 12.5", true },
	{ "stops_for_data_per_hour <= 12.50", true },
	{ "stops_for_data_per_hour < 12.501", true },
	{ "stops_for_data_per_hour > 12", true },
	{ "stops_for_data_per_hour >= 13", false },
	{ "feed_rate_mean != 0", false },
	{ "buffer_fill_mean >= 99.5 %", true },
	{ "buffer_fill_mean > 99.5 %", false },
	{ "buffer_fill_max <= 100%", true },
	{ "buffer_fill_max == 0", false },
	{ "spool_full_parts == 3", true },
	{ "spool_full_parts > 3", false },
	{ "cache_read_bytes == 384 KiB", true },
	{ "cache_read_bytes == 0", false },
};

START_TEST(an_expectation_holds_or_fails)
{
	struct metrics_expect expect = { .line = 7 };
	char err[512] = "";
	size_t column;

	ck_assert_msg(metrics_parse(rows[_i].text, &expect, &column, err,
			  sizeof(err)) == 0,
	    "%s: %s", rows[_i].text, err);
	ck_assert_int_eq(expect.line, 7);
	ck_assert_msg(metrics_holds(&expect, run) == rows[_i].holds, "%s",
	    rows[_i].text);
	metrics_expect_free(&expect);
}
END_TEST

static const struct bad {
	const char *text;
	size_t column;
	const char *error;
} bads[] = {
	{ "", 0,
	    "an expectation begins with a metric, such as outcome == "
	    "DONE" },
	{ "== 5", 0,
	    "an expectation begins with a metric, such as outcome == "
	    "DONE" },
	{ "outcom == DONE", 0,
	    "unknown metric \"outcom\"; did you mean \"outcome\"?" },
	{ "x == DONE", 0, "unknown metric \"x\"; " LISTED },
	{ " Parts == 5", 1,
	    "unknown metric \"Parts\"; did you mean \"parts\"?" },
	{ "outcome", 7,
	    "an operator is missing here; write one of ==, !=, "
	    "<, <=, >, >=, in, contains" },
	{ "outcome DONE", 8,
	    "an operator is missing here; write one of ==, "
	    "!=, <, <=, >, >=, in, contains" },
	{ "outcome = DONE", 8, "\"=\" is not an operator; write ==" },
	{ "parts => 5", 6, "\"=>\" is not an operator; write >=" },
	{ "parts <> 5", 6, "\"<>\" is not an operator; write !=" },
	{ "outcome:DONE", 7, "\":\" is not an operator; write ==" },
	{ "outcome ==", 10,
	    "a value is missing here, to compare outcome "
	    "with" },
	{ "outcome == Done", 11,
	    "outcome is never \"Done\"; did you mean "
	    "\"DONE\"?" },
	{ "outcome == OK", 11,
	    "outcome is never \"OK\"; use one of DONE, "
	    "PARTIAL, FAILED" },
	{ "outcome >= DONE", 8,
	    "outcome has no order; compare it with == or "
	    "!=" },
	{ "restored < source", 9,
	    "restored has no order; compare it with == "
	    "or !=" },
	{ "attempts > 1:5", 9,
	    "attempts has no order; compare it with == or "
	    "!=" },
	{ "restored == sources", 12,
	    "restored is never \"sources\"; did you "
	    "mean \"source\"?" },
	{ "attempts == 1:5 2", 16,
	    "\"2\" is not an attempt; write part:bytes, "
	    "such as 1:1048576, or 1:1048576F for one that failed" },
	{ "attempts == 0:5", 12,
	    "\"0:5\" is not an attempt; write part:bytes, "
	    "such as 1:1048576, or 1:1048576F for one that failed" },
	{ "attempts == 1:5f", 12,
	    "\"1:5f\" is not an attempt; write part:bytes, "
	    "such as 1:1048576, or 1:1048576F for one that failed" },
	{ "attempts == 1:F", 12,
	    "\"1:F\" is not an attempt; write part:bytes, "
	    "such as 1:1048576, or 1:1048576F for one that failed" },
	{ "attempts == 1:18446744073709551616", 12,
	    "\"1:18446744073709551616\" is not an attempt; write part:bytes, "
	    "such "
	    "as 1:1048576, or 1:1048576F for one that failed" },
	{ "attempts == 1:5 | | 2:5", 18,
	    "an attempt is missing here; each "
	    "volume has at least one, such as 1:1048576" },
	{ "attempts == | 2:5", 12,
	    "an attempt is missing here; each volume "
	    "has at least one, such as 1:1048576" },
	{ "attempts == 1:5 |", 17,
	    "an attempt is missing here; each volume "
	    "has at least one, such as 1:1048576" },
	{ "attempts == 1:5, 2:5", 12,
	    "\"1:5,\" is not an attempt; write "
	    "part:bytes, such as 1:1048576, or 1:1048576F for one that "
	    "failed" },
	{ "parts == 5 B", 9,
	    "parts is a count: \"5 B\" is not a whole number "
	    "without a unit" },
	{ "stops_for_data_per_hour == 5 /h", 27,
	    "stops_for_data_per_hour is a number: \"5 /h\" is not a number "
	    "without a unit, such as 12 or 12.5" },
	{ "stops_for_data_per_hour == 5.", 27,
	    "stops_for_data_per_hour is a number: \"5.\" is not a number "
	    "without a unit, such as 12 or 12.5" },
	{ "parts == -1", 9,
	    "parts is a count: \"-1\" is not a whole number "
	    "without a unit" },
	{ "parts == 18446744073709551616", 9,
	    "parts is a count: "
	    "\"18446744073709551616\" is out of range; it is from 0 to "
	    "18446744073709551615" },
	{ "safe_bytes == 64", 14,
	    "safe_bytes: a size needs a unit, such as "
	    "64 MiB; there are B, kB, MB, GB, TB, KiB, MiB, GiB, TiB" },
	{ "safe_bytes == 64 MB/s", 14,
	    "safe_bytes: \"MB/s\" is the unit of a "
	    "rate; this must be a size, such as 64 MiB" },
	{ "throughput_mean >= 5 MB", 19,
	    "throughput_mean: a rate needs \"/s\" "
	    "in its unit: MB/s" },
	{ "duration < 5 MB", 11,
	    "duration: \"MB\" is the unit of a size; this must be "
	    "a time, such as 3 s" },
	{ "duration < 5", 11,
	    "duration: a time needs a unit, such as 3 s; "
	    "there are ns, us, ms, s, min, h" },
	{ "buffer_fill_mean > 5", 19,
	    "buffer_fill_mean: a percentage needs a unit, such as "
	    "90 %" },
	{ "buffer_fill_max <= 100.5 %", 19,
	    "buffer_fill_max is never more "
	    "than 100 %" },
};

START_TEST(a_bad_expectation_is_reported_with_place_and_reason)
{
	struct metrics_expect expect = { .line = 7 };
	char err[512] = "";
	size_t column = 99;

	ck_assert_msg(metrics_parse(bads[_i].text, &expect, &column, err,
			  sizeof(err)) == -1,
	    "%s", bads[_i].text);
	ck_assert_str_eq(err, bads[_i].error);
	ck_assert_msg(column == bads[_i].column, "%s: column %zu",
	    bads[_i].text, column);
	ck_assert_ptr_null(expect.text);
	ck_assert_ptr_null(expect.value.text);
}
END_TEST

START_TEST(a_value_is_shown_in_readable_form)
{
	static const char *const shown[METRIC_COUNT] = {
		[METRIC_OUTCOME] = "DONE",
		[METRIC_ATTEMPTS] = "1:5  2:6F|2:6",
		[METRIC_SAFE_BYTES] = "3 MiB",
		[METRIC_PARTS] = "2",
		[METRIC_VOLUMES_USED] = "4",
		[METRIC_RESTORED] = "source",
		[METRIC_THROUGHPUT_MEAN] = "251.5 MB/s",
		[METRIC_WRITE_RATE_MEAN] = "300 MB/s",
		[METRIC_DUMP_BYTES] = "8388608 TiB",
		[METRIC_TAPE_BYTES] = "9007199254740993 B",
		[METRIC_FAILED_ATTEMPTS] = "1",
		[METRIC_DURATION] = "3 s",
		[METRIC_PRODUCER_BLOCKED] = "0 s",
		[METRIC_DRIVE_STARVED] = "12.5 ms",
		[METRIC_DRIVE_WAIT] = "10 min 00 s",
		[METRIC_FEED_RATE_MEAN] = "undefined",
		[METRIC_BUFFER_FILL_MEAN] = "99.5 %",
		[METRIC_BUFFER_FILL_MAX] = "100 %",
		[METRIC_SPOOL_FULL_PARTS] = "3",
		[METRIC_CACHE_READ_BYTES] = "384 KiB",
		[METRIC_RESTORE_MOUNTS] = "2",
		[METRIC_STOPS_FOR_DATA_PER_HOUR] = "12.5",
		[METRIC_SEALED] = "yes",
	};
	unsigned types = 0; /* of the metrics in the table */

	for (int i = 0; i < METRIC_COUNT; i++) {
		char text[64];

		if (shown[i] == NULL)
			continue;
		types |= 1u << metrics_def((enum metrics_id)i)->type;
		metrics_format((enum metrics_id)i, &run[i], text, sizeof(text));
		ck_assert_str_eq(text, shown[i]);
	}
	/* Only facts are texts. */
	ck_assert_uint_eq(types | 1u << METRIC_TEXT,
	    (1u << (METRIC_SHARE + 1)) - 1);
}
END_TEST

START_TEST(no_attempt_at_all_is_written_none)
{
	struct metrics_value values[METRIC_COUNT] = { 0 };
	struct metrics_expect expect = { 0 };
	char empty[] = "", text[16], err[512];
	size_t column;

	values[METRIC_ATTEMPTS] = (struct metrics_value){ true, empty, 0, 0 };
	metrics_format(METRIC_ATTEMPTS, &values[METRIC_ATTEMPTS], text,
	    sizeof(text));
	ck_assert_str_eq(text, "none");
	ck_assert_int_eq(metrics_parse("attempts == none", &expect, &column,
			     err, sizeof(err)),
	    0);
	ck_assert(metrics_holds(&expect, values));
	metrics_expect_free(&expect);
}
END_TEST

START_TEST(an_attempts_line_is_stored_with_single_blanks)
{
	struct metrics_expect expect = { 0 };
	size_t column;
	char err[512];

	ck_assert_int_eq(metrics_parse(" attempts==1:5  2:6F|2:6 ", &expect,
			     &column, err, sizeof(err)),
	    0);
	ck_assert_str_eq(expect.text, " attempts==1:5  2:6F|2:6");
	ck_assert_str_eq(expect.value.text, "1:5 2:6F | 2:6");
	metrics_expect_free(&expect);
}
END_TEST

START_TEST(every_metric_has_a_complete_row)
{
	for (int i = 0; i < METRIC_COUNT; i++) {
		const struct metrics_def *def = metrics_def((enum metrics_id)i);

		ck_assert_msg(def->name != NULL, "metric %d", i);
		ck_assert(def->meaning != NULL && def->unit != NULL);
		ck_assert((def->type == METRIC_WORD) == (def->words != NULL));
		ck_assert(def->example != NULL);
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(def->name,
			    metrics_def((enum metrics_id)j)->name);
	}
}
END_TEST

START_TEST(an_expectation_may_name_a_dump)
{
	struct metrics_expect expect = { .line = 1 };
	char err[512] = "";
	size_t column;

	ck_assert_int_eq(metrics_parse(" b.1-x.parts >= 2", &expect, &column,
			     err, sizeof(err)),
	    0);
	ck_assert_str_eq(expect.dump, "b.1-x");
	ck_assert_int_eq(expect.id, METRIC_PARTS);
	metrics_expect_free(&expect);
	ck_assert_int_eq(metrics_parse("parts >= 2", &expect, &column, err,
			     sizeof(err)),
	    0);
	ck_assert_ptr_null(expect.dump);
	metrics_expect_free(&expect);
	ck_assert_int_eq(metrics_parse("a.prts >= 2", &expect, &column, err,
			     sizeof(err)),
	    -1);
	ck_assert_str_eq(err,
	    "unknown metric \"prts\"; did you mean \"parts\"?");
	ck_assert_uint_eq(column, 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("metrics");
	TCase *tcase = tcase_create("metrics");

	tcase_add_test(tcase, an_expectation_may_name_a_dump);
	tcase_add_loop_test(tcase, an_expectation_holds_or_fails, 0,
	    sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(tcase,
	    a_bad_expectation_is_reported_with_place_and_reason, 0,
	    sizeof(bads) / sizeof(bads[0]));
	tcase_add_test(tcase, a_value_is_shown_in_readable_form);
	tcase_add_test(tcase, no_attempt_at_all_is_written_none);
	tcase_add_test(tcase, an_attempts_line_is_stored_with_single_blanks);
	tcase_add_test(tcase, every_metric_has_a_complete_row);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}

/*
 * check_facts.c: expectations about faults, drives, volumes, attempts and
 * messages; ranges, tolerances, percentiles.
 *
 * A dump in parts of 512 KiB, of which a bad spot and the end of a volume make
 * five attempts on three volumes.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/metrics/fact.h"
#include "sim/run/measure/facts.h"
#include "sim/run/run.h"
#include "sim/tests/scenario_text.h"
#include "splitter/tape/enums.h"
#include "splitter/tests/run_suite.h"

#define HEAD                                                                 \
	"title: facts\n"                                                     \
	"library:\n"                                                         \
	"  drives: [instant, instant]\n"                                     \
	"  volumes: {count: 4, capacity: 1344 KiB, early_warning: 64 KiB}\n" \
	"dump: {size: 1792 KiB, rate: 512 KiB/s}\n"                          \
	"splitter: {block: 64 KiB, part: 512 KiB, cache: memory}\n"          \
	"faults:\n"                                                          \
	"  - {fail: write, volume: 2, at: 384 KiB}\n"                        \
	"  - {fail: header, nth: 1, once: true}\n"                           \
	"expect:\n"                                                          \
	"  - outcome == DONE\n"

struct row {
	const char *text;
	bool holds;
	const char *actual;
};

static const struct row rows[] = {
	{ "fault 1 struck == 1", true, "1" },
	{ "fault 1 struck", true, "1" },
	{ "fault 2 struck > 1", false, "1" },
	{ "fault 1 attempt == 1", true, "1" },
	{ "fault 2 attempt", false, "undefined" },
	{ "fault 1 volume == TL0002", true, "TL0002" },
	{ "fault 1 medium_byte == 384 KiB", true, "384 KiB" },
	{ "fault 1 dump_byte", false, "undefined" },
	{ "fault 2 time == 3.5 s", true, NULL },
	{ "drive 1 loads == 4", true, "4" },
	{ "drive 2 loads", false, "0" },
	{ "volume TL0001 closed == suspect", true, "suspect" },
	{ "volume TL0001 loads == 1", true, "1" },
	{ "volume TL0002 closed != good", true, "suspect" },
	{ "volume TL0004 closed == good", true, "good" },
	{ "volume TL0002 written == 384 KiB", true, "384 KiB" },
	{ "volume TL0002 reason contains \"sense 3/0C/00\"", true, NULL },
	{ "attempts[1].cause == medium_error", true, "medium_error" },
	{ "attempts[1].cause != medium_error", false, "medium_error" },
	{ "attempts[2].cause == none", true, "none" },
	{ "attempts[1].end == FAILED", true, "FAILED" },
	{ "attempts[2].volume == TL0003", true, "TL0003" },
	{ "attempts[2].drive == 1", true, "1" },
	{ "attempts[3].file == 2", true, "2" },
	{ "attempts[3].part == 2", true, "2" },
	{ "attempts[3].offset == 512 KiB", true, "512 KiB" },
	{ "attempts[1].bytes in 128 KiB..1 MiB", true, "256 KiB" },
	{ "attempts[1].bytes in 257 KiB..1 MiB", false, "256 KiB" },
	{ "attempts[1].bytes in 1 KiB..255 KiB", false, "256 KiB" },
	{ "attempts[1].duration < 1 h", true, NULL },
	{ "attempts[1].message contains sense 3/0C/00", true, NULL },
	{ "attempts[9].cause == none", false, "not known" },
	{ "warnings contains \"injected fault\"", true, NULL },
	{ "warnings contains \"early warning was met\"", true, NULL },
	{ "warnings contains \"no such thing\"", false, NULL },
	{ "lost_blocks == 0", true, "0" },
	{ "attempts == TL0002 1:262144F:medium_error | TL0003 1:524288 "
	  "2:524288 3:65536 | 4:524288 5:196608",
	    true, NULL },
	{ "attempts == 1:262144F:peom | 1:524288 2:524288 3:65536 | 4:524288 5:196608",
	    false,
	    "TL0002 1:262144F:medium_error | TL0003 1:524288 2:524288 3:65536 | "
	    "TL0004 4:524288 5:196608" },
	{ "attempts == 1:262144F | 1:524288 2:524288 3:65536 | TL0001 4:524288 "
	  "5:196608",
	    false, NULL },
	{ "attempts == 1:262144F | 1:524288 2:524288 3:65536 | 4:524288 5:196608",
	    true, NULL },
	{ "duration in 3 s..4 s", true, NULL },
	{ "duration == 3.5 s +- 1 %", true, NULL },
	{ "duration == 3 s +- 1 %", false, NULL },
	{ "duration == 3 s +- 500 ms", true, NULL },
	{ "parts == 6 +- 1", true, "5" },
	{ "parts == 7 +- 1", false, "5" },
	{ "buffer_fill p5 >= 0 %", true, NULL },
	{ "buffer_fill_p5 >= 0 %", true, NULL },
};

static struct results_scenario *run(const char *expectation)
{
	static const struct run_options options = { .seed = 1 };
	struct results_scenario *results;
	char text[2048], err[512];
	struct scenario_text read;

	snprintf(text, sizeof text, "%s  - %s\n", HEAD, expectation);
	scenario_text_read(&read, text, strlen(text));
	ck_assert_msg(read.scenario != NULL, "%s", read.errors);
	ck_assert_int_eq(run_scenario(read.scenario, "f", "f.yaml", &options,
			     &results, err, sizeof err),
	    RUN_JUDGED);
	scenario_text_clear(&read);
	return results;
}

START_TEST(an_expectation_compares_the_fact)
{
	const struct row *row = &rows[_i];
	struct results_scenario *s = run(row->text);
	const struct results_expectation *e = &s->expectations[1];

	ck_assert_str_eq(e->text, row->text);
	ck_assert_msg(e->passed == row->holds, "%s: %s", row->text, e->actual);
	if (row->actual != NULL)
		ck_assert_str_eq(e->actual, row->actual);
	ck_assert_int_eq(s->status,
	    row->holds ? RESULTS_PASSED : RESULTS_FAILED);
	results_scenario_free(s);
}
END_TEST

static const char *const wrong[][2] = {
	{ "fault 3 struck",
	    "12:5: expect: the scenario has only 2 faults; this is the place "
	    "in the list, from 1\n" },
	{ "drive 3 loads",
	    "12:5: expect: the scenario has only 2 drives; this is the place "
	    "in the list, from 1\n" },
	{ "volume TL0009 closed == good",
	    "12:5: expect: no volume has the barcode TL0009\n" },
	{ "fault x struck",
	    "12:11: give the number of the drive, fault or attempt: \"x\" is "
	    "not a whole number without a unit\n" },
	{ "fault 0 struck",
	    "12:11: give the number of the drive, fault or attempt: \"0\" is "
	    "out of range; it is from 1 to 4294967295\n" },
	{ "volume TL0001 closd == good",
	    "12:19: unknown fact \"closd\"; did you mean \"closed\"?\n" },
	{ "volume TL0001 reason", "12:25: compare this fact with == or !=\n" },
	{ "attempts[1] == 5",
	    "12:15: write \"].\" and a fact here, as in attempts[3].cause\n" },
	{ "attempts[1].cause == peo",
	    "12:26: cause is never \"peo\"; did you mean \"peom\"?\n" },
	{ "duration in 5 s",
	    "12:17: a range is missing here, such as 2 s..3 "
	    "s\n" },
	{ "duration in 5 s..4 s",
	    "12:22: the end of the range is below its beginning\n" },
	{ "outcome contains D", "12:13: outcome is not a text: write ==\n" },
	{ "outcome in D..E",
	    "12:13: outcome has no order; compare it with == or !=\n" },
};

START_TEST(a_wrong_expectation_is_refused)
{
	char text[2048];

	snprintf(text, sizeof text, "%s  - %s\n", HEAD, wrong[_i][0]);
	scenario_text_says(text, wrong[_i][1]);
}
END_TEST

START_TEST(every_cause_end_and_close_is_a_word_of_its_fact)
{
	const char *const *words = fact_of(ATTEMPT_CAUSE)->def.words;
	size_t known = 0;

	for (size_t i = 0; words[i] != NULL; i++)
		for (int c = TAPE_OK + 1;
		     strcmp(tape_cause_name((enum tape_cause)c), "?") != 0; c++)
			known += strcmp(words[i],
				     tape_cause_name((enum tape_cause)c)) == 0;
	for (int c = TAPE_OK + 1;
	     strcmp(tape_cause_name((enum tape_cause)c), "?") != 0; c++)
		known--;
	ck_assert_uint_eq(known, 0);
	words = fact_of(VOLUME_CLOSED)->def.words;
	for (int c = 0; words[c] != NULL; c++)
		ck_assert_str_eq(words[c], tape_close_name((enum tape_close)c));
}
END_TEST

/* A dump used TL0001, and another one used it again and failed. */
START_TEST(the_last_load_of_a_volume_counts)
{
	char first[] = "TL0001", second[] = "TL0002", suspect[] = "suspect",
	     refused[] = "refused", full[] = "full";
	struct results_volume volumes[] = {
		{ .barcode = first, .closed = suspect, .loaded_ns = 9 },
		{ .barcode = second, .closed = refused, .loaded_ns = 10 },
		{ .barcode = first, .closed = full, .loaded_ns = 4 },
	};
	struct results_dump dumps[] = {
		{ .volumes = volumes, .volumes_count = 2 },
		{ .volumes = volumes + 2, .volumes_count = 1 },
	};
	const struct results_scenario s = { .dumps = dumps, .dumps_count = 2 };
	struct metrics_expect e = { .line = 1 };
	struct metrics_value found;
	char err[256];
	size_t column;

	ck_assert_int_eq(metrics_parse("volume TL0001 closed == suspect", &e,
			     &column, err, sizeof err),
	    0);
	ck_assert_int_eq(facts_get(&s, NULL, &e, &found), 0);
	ck_assert_str_eq(found.text, "suspect");
	free(found.text);
	volumes[2].loaded_ns = 11;
	ck_assert_int_eq(facts_get(&s, NULL, &e, &found), 0);
	ck_assert_str_eq(found.text, "full");
	free(found.text);
	metrics_expect_free(&e);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("facts");
	TCase *tc = tcase_create("facts");

	tcase_add_loop_test(tc, an_expectation_compares_the_fact, 0,
	    sizeof rows / sizeof *rows);
	tcase_add_loop_test(tc, a_wrong_expectation_is_refused, 0,
	    sizeof wrong / sizeof *wrong);
	tcase_add_test(tc, the_last_load_of_a_volume_counts);
	tcase_add_test(tc, every_cause_end_and_close_is_a_word_of_its_fact);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

/* check_compare.c: two results are compared, and differences told apart. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/compare/compare.h"
#include "reports/tests/samples.h"
#include "splitter/tests/run_suite.h"

static struct results before, after;
static struct comparison comparison;
static struct comparison_options options;
static char err[512];

static void setup(void)
{
	before = after = (struct results){ 0 };
	options = comparison_defaults();
}

static void teardown(void)
{
	comparison_clear(&comparison);
	results_free(&before);
	results_free(&after);
}

static void set(char **to, const char *text)
{
	free(*to);
	*to = strdup(text);
}

static void make(void)
{
	ck_assert_msg(comparison_make(&before, &after, &options, &comparison,
			  err, sizeof err) == 0,
	    "%s", err);
}

/* Adds equal cases to both results, and returns the new one. */
static struct results_scenario *pair(void)
{
	sample_add(&before, sample_four_volumes("four"));
	sample_add(&after, sample_four_volumes("four"));
	return after.scenarios[0];
}

static void add_fault(struct results_scenario *s, uint64_t strikes)
{
	s->faults = calloc(1, sizeof *s->faults);
	s->faults_count = 1;
	s->faults[0].text = strdup("{fail: write}");
	s->faults[0].kind = strdup("write");
	s->faults[0].strikes = strikes;
}

static void add_step(struct results_scenario *s, const char *result)
{
	s->steps = calloc(1, sizeof *s->steps);
	s->steps_count = 1;
	s->steps[0].result = strdup(result);
}

static struct results_metric *metric(struct results_scenario *s,
    const char *name)
{
	for (size_t i = 0; i < s->metrics_count; i++)
		if (strcmp(s->metrics[i].name, name) == 0)
			return &s->metrics[i];
	ck_abort_msg("no metric %s", name);
	return NULL;
}

static void change_status(struct results_scenario *s)
{
	s->status = RESULTS_FAILED;
}

static void change_outcome(struct results_scenario *s)
{
	set(&s->outcome, "PARTIAL");
}

static void change_safe(struct results_scenario *s)
{
	s->safe_bytes--;
}

static void change_step(struct results_scenario *s)
{
	add_step(before.scenarios[0], "done");
	add_step(s, "refused");
}

static void change_bytes(struct results_scenario *s)
{
	s->dumps[0].attempts[1].bytes++;
}

static void change_volume(struct results_scenario *s)
{
	set(&s->dumps[0].attempts[2].volume, "OTHER1L8");
}

static void change_cause(struct results_scenario *s)
{
	set(&s->dumps[0].attempts[2].cause, "peom");
}

static void change_drive(struct results_scenario *s)
{
	s->dumps[0].attempts[0].drive = 2;
}

static void change_closed(struct results_scenario *s)
{
	set(&s->dumps[0].volumes[0].closed, "refused");
}

static void change_written(struct results_scenario *s)
{
	s->dumps[0].volumes[0].written_bytes++;
}

static void change_strikes(struct results_scenario *s)
{
	add_fault(before.scenarios[0], 2);
	add_fault(s, 1);
}

static void change_warnings(struct results_scenario *s)
{
	s->dumps[0].warnings = calloc(1, sizeof *s->dumps[0].warnings);
	s->dumps[0].warnings_count = 1;
	s->dumps[0].warnings[0].text = strdup("clean the drive");
}

static void change_rate(struct results_scenario *s)
{
	metric(s, "throughput_mean")->real *= 0.94;
}

static void change_rate_up(struct results_scenario *s)
{
	metric(s, "throughput_mean")->real *= 1.06;
}

static void change_rate_little(struct results_scenario *s)
{
	metric(s, "throughput_mean")->real *= 0.96;
}

static void change_figure(struct results_scenario *s)
{
	metric(s, "buffer_fill_mean")->real *= 2;
}

static void change_last_digit(struct results_scenario *s)
{
	metric(s, "throughput_mean")->real *= 1 + 1e-13;
}

static void change_time(struct results_scenario *s)
{
	s->dumps[0].attempts[0].seconds *= 2;
}

static void change_title(struct results_scenario *s)
{
	set(&s->title, "another");
}

static void change_message(struct results_scenario *s)
{
	set(&s->dumps[0].attempts[0].message, "another");
}

static void change_reason(struct results_scenario *s)
{
	set(&s->dumps[0].volumes[1].reason, "another");
}

static void change_text(struct results_scenario *s)
{
	set(&s->expectations[0].text, "parts == 7");
}

static void change_nothing(struct results_scenario *s)
{
	(void)s;
}

static const struct {
	void (*change)(struct results_scenario *s);
	enum comparison_kind kind;
	bool regression;
	const char *what; /* of the first difference */
} changes[] = {
	{ change_nothing, COMPARISON_SAME, false, NULL },
	{ change_last_digit, COMPARISON_SAME, false, NULL },
	{ change_time, COMPARISON_SAME, false, NULL },
	{ change_status, COMPARISON_OUTCOME, true, "result" },
	{ change_outcome, COMPARISON_OUTCOME, true, "outcome" },
	{ change_safe, COMPARISON_OUTCOME, true, "safe bytes" },
	{ change_step, COMPARISON_OUTCOME, true, "step 1" },
	{ change_bytes, COMPARISON_ATTEMPTS, false, "attempt 2" },
	{ change_volume, COMPARISON_ATTEMPTS, false, "attempt 3" },
	{ change_cause, COMPARISON_ATTEMPTS, false, "attempt 3" },
	{ change_drive, COMPARISON_ATTEMPTS, false, "attempt 1" },
	{ change_closed, COMPARISON_ATTEMPTS, false, NULL },
	{ change_written, COMPARISON_ATTEMPTS, false, NULL },
	{ change_strikes, COMPARISON_ATTEMPTS, false, "fault 1, strikes" },
	{ change_warnings, COMPARISON_ATTEMPTS, false, "number of warnings" },
	{ change_rate, COMPARISON_SPEED, true, "throughput_mean" },
	{ change_rate_up, COMPARISON_SPEED, false, "throughput_mean" },
	{ change_rate_little, COMPARISON_FIGURES, false, "throughput_mean" },
	{ change_figure, COMPARISON_FIGURES, false, "buffer_fill_mean" },
	{ change_title, COMPARISON_WORDING, false, "title" },
	{ change_message, COMPARISON_WORDING, false, "message of an attempt" },
	{ change_reason, COMPARISON_WORDING, false, NULL },
	{ change_text, COMPARISON_WORDING, false, "expectation 1" },
};

START_TEST(each_change_has_its_kind)
{
	struct comparison_case *c;

	changes[_i].change(pair());
	make();
	c = &comparison.cases[0];
	ck_assert_int_eq(c->kind, changes[_i].kind);
	ck_assert_int_eq(c->regression, changes[_i].regression);
	ck_assert_uint_eq(comparison.kinds[c->kind], 1);
	ck_assert_uint_eq(comparison.regressions, changes[_i].regression);
	ck_assert_uint_eq(c->count, changes[_i].kind != COMPARISON_SAME);
	if (changes[_i].what != NULL)
		ck_assert_str_eq(c->differences[0].what, changes[_i].what);
}
END_TEST

START_TEST(the_most_severe_difference_is_first)
{
	struct results_scenario *s = pair();
	struct comparison_case *c;

	change_title(s);
	change_figure(s);
	change_outcome(s);
	change_rate(s);
	change_bytes(s);
	make();
	c = &comparison.cases[0];
	ck_assert_int_eq(c->kind, COMPARISON_OUTCOME);
	for (size_t i = 1; i < c->count; i++)
		ck_assert_int_le(c->differences[i].kind,
		    c->differences[i - 1].kind);
	ck_assert_uint_eq(c->count, 5);
}
END_TEST

START_TEST(options_say_what_a_regression_is)
{
	change_bytes(pair());
	options.regression[COMPARISON_ATTEMPTS] = true;
	make();
	ck_assert(comparison.cases[0].regression);
	comparison_clear(&comparison);
	options.regression[COMPARISON_ATTEMPTS] = false;
	make();
	ck_assert(!comparison.cases[0].regression);
}
END_TEST

START_TEST(the_tolerance_is_that_of_the_options)
{
	change_rate_little(pair());
	options.tolerance = 0.03;
	make();
	ck_assert_int_eq(comparison.cases[0].kind, COMPARISON_SPEED);
	ck_assert(fabs(comparison.cases[0].differences[0].change + 0.04) <
	    1e-9);
}
END_TEST

START_TEST(a_case_that_passes_again_is_no_regression)
{
	pair();
	before.scenarios[0]->status = RESULTS_FAILED;
	set(&before.scenarios[0]->outcome, "PARTIAL");
	make();
	ck_assert_int_eq(comparison.cases[0].kind, COMPARISON_OUTCOME);
	ck_assert(!comparison.cases[0].regression);
}
END_TEST

START_TEST(dumps_are_compared_by_place_and_named)
{
	struct results_scenario *s = pair();

	results_add_dump(before.scenarios[0], "two", 1000000000);
	results_add_dump(s, "two", 1000000000);
	set(&before.scenarios[0]->dumps[1].outcome, "DONE");
	set(&s->dumps[1].outcome, "FAILED");
	make();
	ck_assert_uint_eq(comparison.cases[0].count, 1);
	ck_assert_str_eq(comparison.cases[0].differences[0].dump, "two");
}
END_TEST

static void add(struct results *to, const char *names)
{
	for (; *names != '\0'; names++) {
		char name[2] = { *names, '\0' };

		sample_add(to, sample_empty(name));
	}
}

static const struct {
	const char *before, *after, *order;
} orders[] = {
	{ "abc", "abc", "abc" },
	{ "abcd", "ad", "abcd" },
	{ "abc", "cx", "abcx" },
	{ "abcd", "dbx", "adbcx" },
	{ "a", "xay", "xay" },
	{ "az", "a", "az" },
};

START_TEST(a_vanished_case_keeps_its_place)
{
	char order[8] = "";

	add(&before, orders[_i].before);
	add(&after, orders[_i].after);
	make();
	for (size_t i = 0; i < comparison.count; i++)
		strcat(order, comparison.cases[i].name);
	ck_assert_str_eq(order, orders[_i].order);
	for (size_t i = 0; i < comparison.count; i++) {
		bool old = strchr(orders[_i].before,
			       comparison.cases[i].name[0]) != NULL;
		bool new = strchr(orders[_i].after,
			       comparison.cases[i].name[0]) != NULL;

		ck_assert_int_eq(comparison.cases[i].kind,
		    old && new ? COMPARISON_SAME
			: old  ? COMPARISON_VANISHED
			       : COMPARISON_NEW);
	}
}
END_TEST

START_TEST(results_without_a_common_case_are_an_error)
{
	add(&before, "ab");
	add(&after, "c");
	ck_assert_int_eq(comparison_make(&before, &after, &options, &comparison,
			     err, sizeof err),
	    -1);
	ck_assert(strstr(err,
	    "no case in common, of 2 and 1 cases (\"a\", "
	    "\"c\")"));
}
END_TEST

START_TEST(markdown_is_bounded_and_counts_the_rest)
{
	char name[40], *text = NULL, *at;
	size_t bytes, shown = 0;
	FILE *out;

	for (int i = 0; i < 3000; i++) {
		for (int j = 0; j < 2; j++) {
			struct results_scenario *s = calloc(1, sizeof *s);

			snprintf(name, sizeof name, "some/folder/case_%d", i);
			s->name = strdup(name);
			s->outcome = strdup(j == 0 ? "DONE" : "FAILED");
			sample_add(j == 0 ? &before : &after, s);
		}
	}
	make();
	out = open_memstream(&text, &bytes);
	ck_assert_int_eq(comparison_markdown(out, &comparison, "old", "new"),
	    0);
	fclose(out);
	ck_assert_uint_le(bytes, COMPARISON_MARKDOWN_BYTES_MAX);
	ck_assert(strncmp(text, "## tapelab: 3000 regressions\n", 29) == 0);
	for (at = text; (at = strstr(at, "\n- some/")) != NULL; at++)
		shown++;
	snprintf(name, sizeof name, "\n- and %zu more\n", 3000 - shown);
	ck_assert_uint_gt(shown, 300);
	ck_assert(strstr(text, name) != NULL);
	free(text);
}
END_TEST

START_TEST(long_values_are_cut)
{
	char value[1001] = "", *text;
	struct comparison_difference d = {
		.dump = (char[]){ "a" },
		.what = (char[]){ "reason" },
		.before = value,
		.after = (char[]){ "" },
		.change = NAN,
	};

	memset(value, 'x', 1000);
	text = comparison_difference_text(&d);
	ck_assert_uint_lt(strlen(text), 250);
	ck_assert(strncmp(text, "dump a, reason: xxx", 19) == 0);
	ck_assert(strstr(text, "x... -> nothing") != NULL);
	free(text);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

int main(void)
{
	Suite *suite = suite_create("compare");
	TCase *tcase = tcase_create("compare");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, each_change_has_its_kind, 0, ROWS(changes));
	tcase_add_test(tcase, the_most_severe_difference_is_first);
	tcase_add_test(tcase, options_say_what_a_regression_is);
	tcase_add_test(tcase, the_tolerance_is_that_of_the_options);
	tcase_add_test(tcase, a_case_that_passes_again_is_no_regression);
	tcase_add_test(tcase, dumps_are_compared_by_place_and_named);
	tcase_add_loop_test(tcase, a_vanished_case_keeps_its_place, 0,
	    ROWS(orders));
	tcase_add_test(tcase, results_without_a_common_case_are_an_error);
	tcase_add_test(tcase, markdown_is_bounded_and_counts_the_rest);
	tcase_add_test(tcase, long_values_are_cut);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}

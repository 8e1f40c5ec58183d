/*
 * check_scenario_sweep.c: each call fails in turn while a scenario is run.
 *
 * For each, there is a message, no file is left, and no scenario passes that
 * should not.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/run.h"
#include "sim/tests/failing_libraries.h"
#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/failing/sweep.h"

/* 75 KiB, in parts of 28 KiB; the spot is in the second one. */
#define SMALL(payload, cache, faults, outcome)                                   \
	"title: Small\n"                                                         \
	"library:\n"                                                             \
	"  drives: [instant, instant]\n"                                         \
	"  payload: " payload "\n"                                               \
	"  volumes: {count: 2, capacity: 100 KiB, early_warning: 10 KiB}\n"      \
	"dump: {source: random, size: 75 KiB}\n"                                 \
	"splitter: {block: 4 KiB, buffer: 16 KiB, part: 28 KiB, "                \
	"cache: " cache "}\n"                                                    \
	"faults:\n"                                                              \
	"  - {volume: 1, at: 50 KiB, fail: write, sense: medium_error}\n" faults \
	"expect:\n"                                                              \
	"  - outcome == " outcome "\n"                                           \
	"  - restored == source\n"

static const struct {
	const char *name, *text;
	bool real;
	uint64_t safe_bytes;
} scenarios[] = {
	{ "spool, buffered drives, virtual time",
	    SMALL("raw\n"
		  "  behaviour: {buffered: true}",
		"spool", "", "DONE"),
	    false, 75 << 10 },
	{ "slices, real time", SMALL("raw", "slices", "", "DONE"), true,
	    75 << 10 },
	{ "a changed slice, virtual time",
	    SMALL("raw", "slices, slices: [25 KiB, 40 KiB]",
		"  - {fail: slice, nth: 2, mode: corrupt}\n", "PARTIAL"),
	    false, 28 << 10 },
	{ "no payload, a load that fails",
	    SMALL("none", "slices, slices: [25 KiB, 40 KiB]",
		"  - {fail: slice, nth: 2, mode: missing}\n"
		"  - {fail: load, nth: 2, once: true}\n",
		"PARTIAL"),
	    false, 28 << 10 },
};

static struct scenario_text text;
static uint64_t safe_bytes; /* safe bytes of the run that passes */

static void setup(void)
{
	failing_libraries();
}

static const char *metric_text(const struct results_scenario *s,
    const char *name)
{
	size_t i;

	for (i = 0; i < s->metrics_count; i++)
		if (strcmp(s->metrics[i].name, name) == 0)
			return s->metrics[i].text;
	return "";
}

static void say(struct sweep_run *run, const char *what)
{
	size_t used = strlen(run->message);

	if (what[0] != '\0')
		snprintf(run->message + used, sizeof run->message - used,
		    "%s\n", what);
}

/*
 * Finds the message of a record about a failure.  A dump continues without its
 * spool.
 */
static void gather(const struct results_scenario *s, struct sweep_run *run)
{
	size_t i;

	say(run, s->problem);
	say(run, s->reason);
	for (i = 0; i < s->dumps[0].marks_count; i++)
		if (s->dumps[0].marks[i].kind == RESULTS_MARK_FAULT)
			say(run, s->dumps[0].marks[i].label);
}

static bool as_expected(const struct results_scenario *s)
{
	return s->safe_bytes == safe_bytes &&
	    strcmp(metric_text(s, "restored"), "source") == 0 &&
	    strcmp(metric_text(s, "outcome"), s->outcome) == 0 &&
	    s->expectations_count == 2;
}

static void run_it(void *arg, struct sweep_run *run)
{
	struct results_scenario *record = NULL;
	enum run_status status;
	char err[512] = "";

	status = run_scenario(text.scenario, "small", "small.yaml", arg,
	    &record, err, sizeof err);
	failing_end();
	run->reported =
	    status != RUN_JUDGED || record->status != RESULTS_PASSED;
	if (status == RUN_BROKEN)
		strcpy(run->wrong, err);
	else if (!run->reported && !as_expected(record))
		strcpy(run->wrong, "it passed");
	say(run, err);
	if (record != NULL)
		gather(record, run);
	results_scenario_free(record);
}

START_TEST(no_failing_call_lets_a_scenario_pass_or_leaves_a_file)
{
	struct run_options options = { .real = scenarios[_i].real, .seed = 1 };
	const struct sweep s = { .name = scenarios[_i].name,
		.body = run_it,
		.arg = &options,
		.reported_min = 20,
		.shares = sizeof scenarios / sizeof *scenarios,
		.share = (unsigned)_i };

	safe_bytes = scenarios[_i].safe_bytes;
	scenario_text_read(&text, scenarios[_i].text,
	    strlen(scenarios[_i].text));
	ck_assert_msg(text.scenario != NULL, "%s", text.errors);
	sweep(&s);
	scenario_text_clear(&text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scenario_sweep");
	TCase *tc = tcase_create("scenario");

	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc,
	    no_failing_call_lets_a_scenario_pass_or_leaves_a_file, 0,
	    sizeof scenarios / sizeof *scenarios);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

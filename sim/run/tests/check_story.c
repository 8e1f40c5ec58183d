/* check_story.c: the results of a scenario with steps. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/run/run.h"
#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"

#define HEAD                                                                \
	"title: t\n"                                                        \
	"library: {drives: [lto8], volumes: {count: 2, capacity: 4 MiB}}\n" \
	"splitter: {block: 32 KiB, buffer: 256 KiB, part: 512 KiB, cache: " \
	"memory}\n"                                                         \
	"dumps: [{name: a, size: 2 MiB}, {name: b, size: 512 KiB}]\n"       \
	"steps:\n"

static struct scenario_text scenario;
static struct results_scenario *results;
static char err[512];

static void run(const char *text)
{
	const struct run_options options = { .seed = 1,
		.check_determinism = true };

	scenario_text_read(&scenario, text, strlen(text));
	ck_assert_msg(scenario.scenario != NULL, "%s", scenario.errors);
	ck_assert_msg(run_scenario(scenario.scenario, "t", "t.yaml", &options,
			  &results, err, sizeof err) == RUN_JUDGED,
	    "%s", err);
	scenario_text_clear(&scenario);
}

static void teardown(void)
{
	results_scenario_free(results);
	results = NULL;
}

START_TEST(steps_have_results_and_dumps_in_their_order)
{
	const struct results_step *step;
	const struct results_dump *d;

	run(HEAD
	    "- {step: write, dump: a, interrupt: {by: sigkill, at: 1 MiB}, "
	    "expect: [result == killed]}\n"
	    "- {step: wait, time: 1 h}\n"
	    "- {step: resume, dump: a}\n"
	    "- {step: append, dump: b, volumes: 1}\n");
	ck_assert_int_eq(results->status, RESULTS_PASSED);
	ck_assert_uint_eq(results->steps_count, 4);
	ck_assert_uint_eq(results->dumps_count, 3);
	step = results->steps;
	ck_assert_str_eq(step[0].result, "killed");
	ck_assert_str_eq(step[0].title, "write a");
	ck_assert_int_eq(step[0].line, 6);
	ck_assert_uint_eq(step[0].expectations_count, 1);
	ck_assert_uint_eq(step[1].dumps_count, 0);
	ck_assert_int_eq(step[1].ended_ns - step[1].begun_ns,
	    INT64_C(3600000000000));
	ck_assert_uint_eq(step[2].first_dump, 1);
	ck_assert_uint_eq(step[3].first_dump, 2);
	for (size_t i = 1; i < 4; i++)
		ck_assert_int_eq(step[i].begun_ns, step[i - 1].ended_ns);
	d = results->dumps;
	ck_assert_str_eq(d[0].name, "a");
	ck_assert_str_eq(d[1].name, "a.step3");
	ck_assert_str_eq(d[2].name, "b");
	ck_assert_uint_eq(d[1].step, 3);
	ck_assert_uint_eq(d[0].safe_bytes, 1 << 20);
	ck_assert_uint_eq(d[0].attempts_count, 2);
	ck_assert_uint_eq(d[1].attempts[0].part, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct results_step *of = &step[d[i].step - 1];

		ck_assert_int_ge(d[i].begun_ns, of->begun_ns);
		ck_assert_int_le(d[i].ended_ns, of->ended_ns);
		ck_assert_int_ge(d[i].attempts[0].begun_ns, d[i].begun_ns);
		ck_assert_int_ge(d[i].volumes[0].loaded_ns, d[i].begun_ns);
	}
	ck_assert_uint_eq(results->safe_bytes, (2 << 20) + (512 << 10));
}
END_TEST

START_TEST(a_step_names_the_faults_of_the_scenario_and_then_its_own)
{
	run("title: t\n"
	    "library: {drives: [lto8], volumes: {count: 2, capacity: 8 MiB}}\n"
	    "splitter: {block: 32 KiB, part: 512 KiB, cache: memory}\n"
	    "dumps: [{name: a, size: 1 MiB}, {name: b, size: 1 MiB}]\n"
	    "faults: [{fail: drive, operation: space, nth: 1, once: true, "
	    "sense: hardware_error}]\n"
	    "steps:\n"
	    "- {step: write, dump: a, expect: [fault 1 struck == 0, "
	    "fault 2 struck == 1, fault 2 attempt == 1],\n"
	    "   faults: [{fail: block, dump: a, nth: 3, once: true}]}\n"
	    "- {step: append, dump: b, volumes: 2, expect: "
	    "[result == partial, fault 1 struck == 1]}\n"
	    "- {step: read, dump: a, expect: [fault 1 struck == 1, "
	    "fault 1 volume == TL0002]}\n");
	ck_assert_int_eq(results->status, RESULTS_PASSED);
	ck_assert_uint_eq(results->faults_count, 2);
	ck_assert_uint_eq(results->faults[0].strikes, 1);
	ck_assert_uint_eq(results->faults[1].strikes, 1);
}
END_TEST

/* Rates are rounded, so some bytes more may be counted. */
static void check_medium_bytes(size_t drive, uint64_t bytes)
{
	uint64_t found = results->motions[drive].sums.medium_bytes;

	ck_assert_uint_ge(found, bytes);
	ck_assert_uint_lt(found, bytes + 1000);
}

START_TEST(drives_have_the_totals_of_all_steps)
{
	run(HEAD "- {step: write, dump: a}\n"
		 "- {step: append, dump: b, volumes: 1}\n");
	ck_assert_uint_eq(results->motions_count, 1);
	ck_assert_str_eq(results->motions[0].model, "lto8");
	/* Label, end records, 5 headers and the dumps. */
	check_medium_bytes(0,
	    (2 << 20) + (512 << 10) + (1 + 5 + 2) * (32 << 10));
	ck_assert_uint_eq(results->motions[0].speeds_count, 1);
	ck_assert_int_gt(results->motions[0].speeds[0].ns, 0);
}
END_TEST

START_TEST(an_exchanged_drive_has_totals_of_its_own)
{
	run(HEAD "- {step: write, dump: a}\n"
		 "- {step: exchange_drive, drive: 1, model: lto7}\n"
		 "- {step: write, dump: b, volumes: 2}\n");
	ck_assert_uint_eq(results->motions_count, 2);
	ck_assert_str_eq(results->motions[0].model, "lto8");
	ck_assert_str_eq(results->motions[1].model, "lto7");
	check_medium_bytes(1, (512 << 10) + 3 * (32 << 10));
}
END_TEST

/* A story that fails, and a part of the reason. */
static const struct {
	const char *text, *problem, *expectation;
} bads[] = {
	{ HEAD "- {step: write, dump: a, interrupt: {by: power, at: 9 MiB}}\n",
	    "the interrupt was never reached", NULL },
	{ HEAD
	    "- {step: write, dump: a, interrupt: {by: sigkill, at: 1 MiB}}\n",
	    "", "outcome == DONE, because no expectation is about it" },
	{ HEAD "- {step: write, dump: a}\n- {step: take_out, volume: 1}\n"
	       "- {step: read, dump: a}\n",
	    "", "result == done, because no expectation is about it" },
	{ HEAD "- {step: write, dump: a, expect: [a.parts == 3]}\n", "",
	    "a.parts == 3" },
	{ HEAD "- {step: write, dump: b, faults: [{fail: block, nth: 900, "
	       "dump: b}]}\n",
	    "", "strikes" },
	{ "title: t\n"
	  "library: {drives: [lto8], volumes: {capacity: 4 MiB}}\n"
	  "splitter: {block: 32 KiB, buffer: 256 KiB, part: 512 KiB}\n"
	  "dumps: [{name: a, size: 1 MiB}]\n"
	  "faults: [{fail: corrupt, volume: 1, block: 5}]\n"
	  "steps: [{step: write, dump: a}]\n",
	    "differs from the source", NULL },
};

START_TEST(a_story_fails_and_says_why)
{
	bool found = bads[_i].expectation == NULL;

	run(bads[_i].text);
	ck_assert_int_eq(results->status, RESULTS_FAILED);
	ck_assert_msg(strstr(results->problem, bads[_i].problem) != NULL, "%s",
	    results->problem);
	for (size_t i = 0; i < results->steps_count; i++) {
		const struct results_step *s = &results->steps[i];

		for (size_t j = 0; j < s->expectations_count; j++)
			found |= bads[_i].expectation != NULL &&
			    !s->expectations[j].passed &&
			    strstr(s->expectations[j].text,
				bads[_i].expectation) != NULL;
	}
	ck_assert(found);
}
END_TEST

START_TEST(the_power_loses_the_buffer_of_the_drive_and_sigkill_does_not)
{
	static const char *const by[] = { "sigkill", "power" };
	uint64_t bytes[2];
	char text[1024];

	for (int i = 0; i < 2; i++) {
		snprintf(text, sizeof text,
		    HEAD "- {step: write, dump: a, interrupt: {by: %s, at: "
			 "1400 KiB}, expect: [result == killed]}\n"
			 "- {step: read, dump: a, salvage: true, expect: "
			 "[result == partial]}\n",
		    by[i]);
		run(text);
		ck_assert_uint_eq(results->dumps[0].safe_bytes, 1 << 20);
		bytes[i] = 0;
		for (size_t j = 0; j < results->steps[1].metrics_count; j++)
			if (strcmp(results->steps[1].metrics[j].name,
				"good_bytes") == 0)
				bytes[i] = results->steps[1].metrics[j].number;
		teardown();
	}
	/* A header in the buffer would have proven the part before it. */
	ck_assert_uint_eq(bytes[0], 1 << 20);
	ck_assert_uint_eq(bytes[1], 512 << 10);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("story");
	TCase *t = tcase_create("story");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, steps_have_results_and_dumps_in_their_order);
	tcase_add_test(t,
	    a_step_names_the_faults_of_the_scenario_and_then_its_own);
	tcase_add_test(t, drives_have_the_totals_of_all_steps);
	tcase_add_test(t, an_exchanged_drive_has_totals_of_its_own);
	tcase_add_loop_test(t, a_story_fails_and_says_why, 0,
	    (int)(sizeof bads / sizeof *bads));
	tcase_add_test(t,
	    the_power_loses_the_buffer_of_the_drive_and_sigkill_does_not);
	return run_suite(s);
}

/*
 * check_accept_plan.c: what an acceptance run is going to do, and how long it
 * takes.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/accept/rows.h"
#include "sim/accept/tests/accept_rig.h"

static const char two[] =
    "title: Two cartridges\nacceptance: {kind: quick}\n" LIBRARY(
	2) "steps: [{step: label, expect: [labelled_volumes == 2]}]\n";

static bool refuse(void *arg)
{
	(void)arg;
	return false;
}

START_TEST(the_plan_is_printed_and_nothing_moves_before_the_answer)
{
	accept_rig_add_three();
	accept_rig.config.confirm = refuse;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(accept_rig.text, "20_second"));
	ck_assert_ptr_nonnull(strstr(accept_rig.text, "1.049 MB"));
	ck_assert_ptr_nonnull(strstr(accept_rig.err,
	    "no person at a terminal answered yes"));
	ck_assert_uint_eq(accept_rig.fake.opens, 0);
}
END_TEST

static const char on_second[] =
    "title: Two drives\nacceptance: {kind: quick}\n" LIBRARY(
	1) "steps:\n"
	   "- {step: measure, what: rate, volume: 1, size: 1 MiB}\n"
	   "- {step: measure, what: second_drive, volume: 1, size: 1 MiB}\n";

/* The person sees it before the answer. */
START_TEST(the_plan_says_what_is_left_out)
{
	static const char longer[] =
	    "title: Longer\nacceptance: {kind: default}\n" LIBRARY(
		1) "steps: [{step: label}]\n";

	accept_rig_add_three();
	accept_rig_add("40_two.yaml", two);
	accept_rig_add("50_longer.yaml", longer);
	accept_rig.fake.device.model = model_find("lto4");
	accept_rig.config.confirm = refuse;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(accept_rig.text,
	    "Left out: 40_two: it needs 2 cartridges, and 1 was named.\n"));
	ck_assert_ptr_nonnull(strstr(accept_rig.text,
	    "Left out: 50_longer: only in longer runs.\n"));
	/* No test reads there. */
	ck_assert_ptr_null(strstr(accept_rig.text, "second drive"));
	accept_rig_add("90_second.yaml", on_second);
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(accept_rig.text,
	    "Left out: reading on a second drive"));
	ck_assert_ptr_nonnull(strstr(accept_rig.text,
	    "Left out: the rates of forward and reverse wraps: 1.049 MB are "
	    "less than 3 wraps of 14.29 GB.\n"));
	ck_assert_ptr_nonnull(strstr(accept_rig.text, "a drive of 120 MB/s"));
	/* A robot has not loaded it yet. */
	ck_assert_ptr_nonnull(strstr(accept_rig.text,
	    "one full cartridge (12 TB, by its barcode)"));
}
END_TEST

/* Expected: the paper says it, too.  Bug: only the terminal did. */
START_TEST(the_paper_says_that_wraps_are_not_told_apart)
{
	accept_rig_add_three();
	accept_rig.fake.device.model = _i == 0 ? NULL : model_find("lto4");
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	ck_assert(report_scratch_has(accept_rig.out, "acceptance.html",
	    _i == 0 ? "the rates of forward and reverse wraps: the length of a "
		      "wrap is not known"
		    : "the rates of forward and reverse wraps: 1.049 MB are "
		      "less than 3 wraps of 14.29 GB"));
}
END_TEST

/* The sizes of a scenario are those for the drive of its library. */
START_TEST(the_amounts_follow_the_rate_of_the_drive)
{
	static const char scaled[] =
	    "title: Rates\nacceptance: {kind: quick, quick_scale: 36}\n" LIBRARY(
		1) "steps: [{step: label}, "
		   "{step: measure, what: rate, volume: 1, size: 1 MiB}]\n";
	static const struct {
		const char *model;
		const char *written;
	} rates[] = { { "lto8", " 37.75 MB " }, { "lto4", " 12.58 MB " },
		{ "dlt8000", " 1.049 MB " }, { "lto9", " 41.94 MB " } };

	accept_rig_add("10_rate.yaml", scaled);
	accept_rig.config.confirm = refuse;
	accept_rig.fake.device.model = model_find(rates[_i].model);
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	ck_assert_msg(strstr(accept_rig.text, rates[_i].written) != NULL, "%s",
	    accept_rig.text);
}
END_TEST

/* Each cartridge that may be new has one, in the drive or not. */
START_TEST(the_first_loads_of_new_cartridges_have_lines)
{
	static const char *const names[] = { "A00001L9", "A00002L9",
		"A00003L8" };

	accept_rig_add_three();
	accept_rig.config.confirm = refuse;
	accept_rig.config.names = names;
	accept_rig.config.names_count = 3;
	accept_rig.fake.device.model = model_find(_i == 2 ? "lto8" : "lto9");
	accept_rig.fake.device.was_loaded = _i == 1;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	/* An LTO-8 drive, or cartridge, does not measure it. */
	ck_assert((strstr(accept_rig.text, "\nfirst load, A00001L9 ") !=
		      NULL) == (_i == 0));
	ck_assert((strstr(accept_rig.text, "\nfirst load, A00002L9 ") !=
		      NULL) == (_i < 2));
	ck_assert_ptr_null(strstr(accept_rig.text, "first load, A00003L8"));
	ck_assert_msg((strstr(accept_rig.text,
			   "First load: only of a cartridge that is new; the "
			   "mean, and 2 h 00 min at the most.\n") != NULL) ==
		(_i < 2),
	    "%s", accept_rig.text);
	/* The times are in the sum. */
	ck_assert((strstr(accept_rig.text,
		       "together                  40 min") != NULL) ==
	    (_i == 0));
	ck_assert((strstr(accept_rig.text,
		       "together                  20 min") != NULL) ==
	    (_i == 1));
}
END_TEST

static void read_tests(void)
{
	ck_assert_int_eq(suite_add(&accept_rig.suite, "scenarios/acceptance",
			     NULL),
	    0);
	ck_assert_int_eq(suite_read(&accept_rig.suite), 0);
}

/* Makes the plan of the tests that were read, for a drive of this model. */
static void make_plan(struct accept_plan *plan,
    enum scenario_acceptance_run run, const struct model *model, bool second)
{
	ck_assert_int_eq(accept_plan_make(plan, &accept_rig.suite, run, model,
			     accept_plan_capacity(model, 0, ""), second,
			     accept_rig.err, sizeof accept_rig.err),
	    0);
}

/* Of every drive: a slow one has less to write in the time. */
START_TEST(each_run_takes_the_time_that_its_option_promises)
{
	static const struct timed {
		enum scenario_acceptance_run run;
		int64_t minutes;
	} runs[] = { { SCENARIO_QUICK, 15 }, { SCENARIO_DEFAULT, 60 } };
	const struct timed *run = &runs[_i % 2];
	bool second = _i >= 2;
	int64_t minutes = run->minutes + (second ? 5 : 0);
	const char *const *name = model_names();
	struct accept_plan plan;
	unsigned models = 0;

	read_tests();
	for (; *name != NULL; name++) {
		const struct model *model = model_find(*name);
		int64_t ns = 0;

		if (rows_top_speed(model) == 0)
			continue;
		models++;
		make_plan(&plan, run->run, model, second);
		for (size_t j = 0; j < plan.count; j++) {
			ns += plan.tests[j].ns;
			/* The tests fit on a cartridge. */
			ck_assert_uint_le(plan.tests[j].written_bytes,
			    plan.capacity.bytes);
		}
		ck_assert_msg(ns <= minutes * 60 * 1000000000 &&
			ns >= run->minutes * 40 * 1000000000,
		    "%s: %lld min", *name, (long long)(ns / 60000000000));
		accept_plan_clear(&plan);
	}
	ck_assert_uint_ge(models, 20);
}
END_TEST

/*
 * Expected: each test writes so much that the time to start and to stop the
 * medium does not matter to the rate, which is judged.  Bug: the test of the
 * second drive wrote hardly more than the buffer of the drive holds: good drives
 * had 74 to 93 % of their speed, and did not pass.
 */
START_TEST(a_rate_is_measured_over_many_buffers_of_the_drive)
{
	enum { BUFFERS = 5, SECONDS = 20 };
	const char *const *name = model_names();
	struct accept_plan plan;
	unsigned rates = 0;

	read_tests();
	for (; *name != NULL; name++) {
		const struct model *model = model_find(*name);
		uint64_t top = rows_top_speed(model);

		if (top == 0)
			continue;
		make_plan(&plan, (enum scenario_acceptance_run)_i, model, true);
		for (size_t i = 0; i < plan.count; i++) {
			const struct scenario *s = plan.tests[i].scenario;

			for (size_t j = 0; j < s->steps_count; j++) {
				const struct scenario_step *step = &s->steps[j];

				if (step->does != STEP_MEASURE ||
				    step->measures != MEASURE_RATE)
					continue;
				rates++;
				ck_assert_msg(step->size_bytes >=
					    BUFFERS * model->buffer_bytes &&
					step->size_bytes >= SECONDS * top,
				    "%s, %s: %llu bytes", plan.tests[i].name,
				    *name,
				    (unsigned long long)step->size_bytes);
			}
		}
		accept_plan_clear(&plan);
	}
	ck_assert_uint_ge(rates, 2 * 20);
}
END_TEST

/* Returns the place of the first test that measures this. */
static size_t place_of(const struct accept_plan *plan,
    enum scenario_measures what)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct scenario *s = plan->tests[i].scenario;

		for (size_t j = 0; j < s->steps_count; j++)
			if (s->steps[j].does == STEP_MEASURE &&
			    s->steps[j].measures == what)
				return i;
	}
	ck_abort_msg("no test measures %d", (int)what);
}

/* A drive may keep a cartridge that it is to unload, or fail to load it again. */
START_TEST(an_unload_is_measured_after_the_ends_of_the_tape)
{
	struct accept_plan plan;

	read_tests();
	make_plan(&plan, SCENARIO_FILL, model_find("lto8"), true);
	ck_assert_uint_lt(place_of(&plan, MEASURE_RATE),
	    place_of(&plan, MEASURE_ENDS));
	ck_assert_uint_lt(place_of(&plan, MEASURE_ENDS),
	    place_of(&plan, MEASURE_POSITIONS));
	/* Another drive gets the cartridge. */
	ck_assert_uint_lt(place_of(&plan, MEASURE_POSITIONS),
	    place_of(&plan, MEASURE_SECOND_DRIVE));
	accept_plan_clear(&plan);
}
END_TEST

/* Expected: once for each type.  Bug: at each load of another one. */
START_TEST(the_capacity_of_each_type_is_printed_once)
{
	const char *text;
	unsigned lines = 0;

	accept_rig_add("10_two.yaml", two);
	accept_rig_add("20_two.yaml", two);
	accept_rig.config.names_count = 2;
	accept_rig.fake.device.model = model_find("lto8");
	accept_rig.fake.device.capacity_bytes = UINT64_C(12) << 40;
	accept_rig.fake.capacities[0] = UINT64_C(12) << 40;
	accept_rig.fake.capacities[1] = UINT64_C(6) << 40;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	for (text = accept_rig.text;
	     (text = strstr(text, " by its memory, and not ")) != NULL; text++)
		lines++;
	ck_assert_msg(lines == 1, "%s", accept_rig.text);
	ck_assert_ptr_nonnull(strstr(accept_rig.text,
	    "Cartridge VTA002L8 holds 6.597 TB by its memory, and not "
	    "13.19 TB"));
}
END_TEST

START_TEST(a_test_that_needs_one_after_it_is_refused)
{
	accept_rig_add("05_second.yaml", accept_rig_second);
	accept_rig_add("10_first.yaml", accept_rig_first);
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(accept_rig.err,
	    "needs the test 10_first"));
}
END_TEST

int main(void)
{
	TCase *tcase = accept_rig_case("accept_plan");

	tcase_add_test(tcase,
	    the_plan_is_printed_and_nothing_moves_before_the_answer);
	tcase_add_test(tcase, the_plan_says_what_is_left_out);
	tcase_add_loop_test(tcase, the_paper_says_that_wraps_are_not_told_apart,
	    0, 2);
	tcase_add_loop_test(tcase, the_amounts_follow_the_rate_of_the_drive, 0,
	    4);
	tcase_add_loop_test(tcase, the_first_loads_of_new_cartridges_have_lines,
	    0, 3);
	tcase_add_loop_test(tcase,
	    each_run_takes_the_time_that_its_option_promises, 0, 4);
	tcase_add_loop_test(tcase,
	    a_rate_is_measured_over_many_buffers_of_the_drive, 0,
	    SCENARIO_RUNS);
	tcase_add_test(tcase, an_unload_is_measured_after_the_ends_of_the_tape);
	tcase_add_test(tcase, the_capacity_of_each_type_is_printed_once);
	tcase_add_test(tcase, a_test_that_needs_one_after_it_is_refused);
	return accept_rig_run_case(tcase);
}

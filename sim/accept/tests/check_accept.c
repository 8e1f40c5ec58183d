/*
 * check_accept.c: verdicts and stops of acceptance runs of a fake drive.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/tests/report_scratch.h"
#include "sim/accept/tests/accept_rig.h"
#include "splitter/tests/run_suite.h"

static const char failing[] =
    "title: A test that fails\nacceptance: {kind: quick}\n" LIBRARY(
	1) "steps: [{step: label, expect: [labelled_volumes == 7]}]\n";
static const char two[] =
    "title: Two cartridges\nacceptance: {kind: quick}\n" LIBRARY(
	2) "steps: [{step: label, expect: [labelled_volumes == 2]}]\n";

static bool has_fact(const char *name, const char *value)
{
	const struct acceptance *a = &accept_rig.record;

	for (size_t i = 0; i < a->facts_count; i++)
		if (strcmp(a->facts[i].name, name) == 0 &&
		    strcmp(a->facts[i].value, value) == 0)
			return true;
	return false;
}

/* Expected: what was not tested is not PASSED, and the paper says it. */
START_TEST(tests_that_a_filter_leaves_out_leave_the_verdict_open)
{
	const bool left_out = _i == 0;

	accept_rig_add_three();
	accept_rig.filter = left_out ? "10_first" : "*";
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	ck_assert_uint_eq(accept_rig.record.tests_count, left_out ? 1 : 3);
	accept_rig_verdict_is(left_out
		? "NOT DECIDED: --filter or --tags left tests out"
		: "PASSED");
	ck_assert(has_fact("Not tested", "what --filter or --tags left out") ==
	    left_out);
}
END_TEST

/* Expected: only what belongs to the run was left out.  Bug: each test was. */
START_TEST(a_filter_that_leaves_out_tests_of_other_runs_leaves_nothing_open)
{
	accept_rig_add("10_first.yaml", accept_rig_first);
	accept_rig_add("20_fill.yaml",
	    "title: Fill\nacceptance: {kind: fill}\n" LIBRARY(
		1) "steps: [{step: label}]\n");
	accept_rig_add("30_none.yaml",
	    "title: No test of a drive\n" LIBRARY(
		1) "steps: [{step: label}]\n");
	accept_rig.filter = "10_first";
	accept_rig.config.run = _i == 0 ? SCENARIO_DEFAULT : SCENARIO_FILL;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is(_i == 0
		? "PASSED"
		: "NOT DECIDED: --filter or --tags left tests out");
	ck_assert_int_eq(has_fact("Not tested",
			     "what --filter or --tags left out"),
	    _i == 1);
}
END_TEST

START_TEST(a_good_drive_passes)
{
	size_t bytes;
	char *json, command[1200];

	accept_rig_add_three();
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("PASSED");
	ck_assert_int_eq(accept_rig.verdict, ACCEPTANCE_PASSED);
	ck_assert_str_eq(accept_rig.record.serial, "FAKE0001");
	ck_assert_uint_eq(accept_rig_test("20_second")->bytes, 1 << 20);
	ck_assert(accept_rig_row("Write rate") != NULL);
	ck_assert_str_eq(accept_rig_row("Uncorrected write errors")->value,
	    "0");
	ck_assert(report_scratch_has(accept_rig.out, "acceptance.html",
	    "PASSED"));
	ck_assert(report_scratch_has(accept_rig.out, "acceptance.html",
	    accept_rig.record.sha256));
	ck_assert(report_scratch_has(accept_rig.out, "acceptance.html",
	    "<span>Ended</span>"));
	json = report_scratch_read(accept_rig.out, "evidence.json", &bytes);
	ck_assert_ptr_nonnull(strstr(json, "\"before unload\""));
	free(json);
	snprintf(command, sizeof command,
	    "echo '%s  %s/evidence.json' | sha256sum -c --status",
	    accept_rig.record.sha256, accept_rig.out);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(a_drive_that_cannot_be_tested_is_refused)
{
	accept_rig_add_three();
	accept_rig.fake.refusal = "scsi_debug keeps 4 bytes of a block";
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	ck_assert_str_eq(accept_rig.err, accept_rig.fake.refusal);
	ck_assert_uint_eq(accept_rig.fake.opens, 0);
}
END_TEST

START_TEST(the_verdict_of_a_virtual_drive_says_so)
{
	accept_rig_add("10_first.yaml", accept_rig_first);
	accept_rig.fake.virtual_drive = "mhvtl";
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("VIRTUAL DRIVE: PASSED");
}
END_TEST

START_TEST(a_failing_test_stops_only_those_that_need_it)
{
	accept_rig_add("10_first.yaml", failing);
	accept_rig_add("20_second.yaml", accept_rig_second);
	accept_rig_add("30_third.yaml", accept_rig_third);
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is(
	    "NOT PASSED: 10_first: expected labelled_volumes == 7, but "
	    "it was 1");
	ck_assert_int_eq(accept_rig_test("20_second")->state,
	    ACCEPTANCE_TEST_LEFT_OUT);
	ck_assert_int_eq(accept_rig_test("30_third")->result, ACCEPTANCE_MET);
}
END_TEST

START_TEST(a_hardware_error_stops_all)
{
	unsigned writes;

	accept_rig_add_three();
	accept_rig.fake.hardware_error_at = 2;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("NOT PASSED: 20_second: hardware error:");
	ck_assert_int_eq(accept_rig_test("30_third")->state,
	    ACCEPTANCE_TEST_PENDING);
	ck_assert_ptr_nonnull(strstr(accept_rig.record.stopped,
	    "hardware error"));
	writes = accept_rig.fake.writes;
	ck_assert_uint_eq(writes, 2);
}
END_TEST

START_TEST(a_medium_error_on_the_only_cartridge_decides_nothing)
{
	accept_rig_add_three();
	accept_rig.fake.bad[0] = true;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is(
	    "NOT DECIDED: 20_second: medium error on cartridge VTA001L8");
	ck_assert_ptr_nonnull(strstr(accept_rig_test("20_second")->why,
	    "name a second cartridge"));
	ck_assert_int_eq(accept_rig_test("20_second")->result,
	    ACCEPTANCE_NOT_JUDGED);
}
END_TEST

START_TEST(a_medium_error_is_tried_on_a_second_cartridge)
{
	accept_rig_add_three();
	accept_rig.fake.bad[0] = true;
	accept_rig.config.names_count = 2;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("PASSED");
	ck_assert(accept_rig_test("20_second")->second);
	ck_assert_int_eq(accept_rig_test("20_second")->result, ACCEPTANCE_MET);
	ck_assert_ptr_nonnull(strstr(accept_rig_test("20_second")->why,
	    "cartridge VTA001L8"));
}
END_TEST

START_TEST(medium_errors_on_two_cartridges_are_a_fault_of_the_drive)
{
	accept_rig_add_three();
	accept_rig.fake.bad[0] = accept_rig.fake.bad[1] = true;
	accept_rig.config.names_count = 2;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is(
	    "NOT PASSED: 20_second: medium errors on two cartridges");
}
END_TEST

START_TEST(an_error_counter_that_grows_is_a_fault)
{
	accept_rig_add_three();
	accept_rig.fake.uncorrected = 3;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is(
	    "NOT PASSED: 10_first: Uncorrected write errors: ");
	ck_assert_int_eq(accept_rig_row("Uncorrected write errors")->judgement,
	    ACCEPTANCE_NOT_MET);
}
END_TEST

/*
 * Expected: a sum over cartridges names those of which it knows nothing.  Bug: it
 * was 0, and met, if one cartridge had the counter.
 */
START_TEST(a_sum_that_lacks_a_cartridge_is_not_judged)
{
	const struct acceptance_row *row;

	accept_rig_add_three();
	accept_rig.fake.bad[0] = true;
	accept_rig.fake.uncounted[1] = _i == 1;
	accept_rig.config.names_count = 2;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	row = accept_rig_row("Uncorrected write errors");
	ck_assert_ptr_nonnull(row);
	ck_assert_str_eq(row->value, "0");
	ck_assert_int_eq(row->judgement,
	    _i == 1 ? ACCEPTANCE_NOT_JUDGED : ACCEPTANCE_MET);
	ck_assert_str_eq(row->why,
	    _i == 1 ? "the drive did not report it for cartridge VTA002L8"
		    : "");
}
END_TEST

/* Expected: not judged.  Bug: 0 errors of 0 bytes were met. */
START_TEST(errors_are_not_judged_if_no_data_was_moved)
{
	static const char *const counted[] = { "Uncorrected write errors",
		"Uncorrected read errors" };

	accept_rig_add("10_first.yaml",
	    _i == 0 ? accept_rig_first : accept_rig_third);
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	for (size_t i = 0; i < 2; i++)
		ck_assert_int_eq(accept_rig_row(counted[i])->judgement,
		    _i == 0 ? ACCEPTANCE_NOT_JUDGED : ACCEPTANCE_MET);
}
END_TEST

/* Returns what the drive has counted in a test. */
static uint64_t counted_in(const char *test, uint64_t page, uint64_t code)
{
	const struct acceptance_difference *d =
	    acceptance_find_difference(&accept_rig.record, test, page, code);

	ck_assert(d != NULL);
	ck_assert_str_eq(d->test, test);
	ck_assert_str_eq(d->name, "Total errors corrected");
	return d->value;
}

/* The first test loads once, and the others more often. */
START_TEST(what_the_drive_counts_is_kept_for_each_test)
{
	const struct acceptance_counter *all;
	char text[64];
	uint64_t second;

	accept_rig_add_three();
	accept_rig.fake.corrected = 5;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	ck_assert_uint_eq(counted_in("10_first", 0x02, 0x0003), 5);
	ck_assert_uint_eq(counted_in("10_first", 0x03, 0x0003), 10);
	second = counted_in("20_second", 0x02, 0x0003);
	ck_assert_uint_gt(second, 5);
	all = &accept_rig.record.counters[0];
	while (all->page != 0x02 || all->code != 0x0003)
		all++;
	ck_assert_uint_eq(5 + second + counted_in("30_third", 0x02, 0x0003),
	    all->value);
	ck_assert(report_scratch_has(accept_rig.out, "evidence.json",
	    "\"kind\": \"counted\", \"what\": \"20_second\""));
	snprintf(text, sizeof text, "Total errors corrected (02h/0003h): %u; ",
	    (unsigned)second);
	ck_assert(report_scratch_has(accept_rig.out, "evidence.json", text));
	snprintf(text, sizeof text, ">%u, %u<", (unsigned)second,
	    2 * (unsigned)second);
	ck_assert(report_scratch_has(accept_rig.out, "acceptance.html", text));
}
END_TEST

START_TEST(what_was_not_looked_at_is_not_good)
{
	static const char *const verdicts[] = {
		"NOT DECIDED: the drive did not report its error counters",
		"NOT DECIDED: the drive did not report its TapeAlert flags",
		"NOT DECIDED: the error counters were cleared",
	};

	accept_rig_add_three();
	accept_rig.fake.no_counters = _i == 0;
	accept_rig.fake.no_alerts = _i == 1;
	accept_rig.fake.clears = _i == 2;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is(verdicts[_i]);
}
END_TEST

/* The flag is there when the counters of the load are read first. */
START_TEST(a_flag_that_a_load_sets_counts)
{
	accept_rig_add_three();
	accept_rig.fake.alerts_of_load = (uint64_t)1 << 29;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	ck_assert_ptr_nonnull(strstr(accept_rig.text, "NOT PASSED: "));
	ck_assert_ptr_nonnull(strstr(accept_rig.text, "TapeAlert 30"));
}
END_TEST

START_TEST(cleaning_is_a_doubt_and_stops_nothing)
{
	accept_rig_add_three();
	accept_rig.fake.alerts = (uint64_t)1 << 19;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("NOT DECIDED: cleaning is due");
	ck_assert_int_eq(accept_rig_test("30_third")->state,
	    ACCEPTANCE_TEST_DONE);
}
END_TEST

START_TEST(a_temperature_alert_stops_all_and_decides_nothing)
{
	accept_rig_add_three();
	accept_rig.fake.alerts = (uint64_t)1 << 35;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("NOT DECIDED: 10_first: TapeAlert 36");
	ck_assert_int_eq(accept_rig_test("20_second")->state,
	    ACCEPTANCE_TEST_PENDING);
}
END_TEST

START_TEST(a_critical_alert_of_the_drive_stops_all_and_is_a_fault)
{
	accept_rig_add_three();
	accept_rig.fake.alerts = (uint64_t)1 << 29;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("NOT PASSED: 10_first: TapeAlert 30");
	ck_assert_int_eq(accept_rig_test("20_second")->state,
	    ACCEPTANCE_TEST_PENDING);
}
END_TEST

START_TEST(a_cartridge_that_was_not_named_interrupts_the_run)
{
	accept_rig_add_three();
	accept_rig.fake.wrong = "VTA003L8";
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	ck_assert_uint_eq(accept_rig.record.faults_count, 0);
	ck_assert_ptr_nonnull(strstr(accept_rig.record.stopped,
	    "cartridge VTA003L8 is in the drive, and was not named"));
	ck_assert_uint_eq(accept_rig.fake.writes, 0);
}
END_TEST

START_TEST(a_test_of_two_cartridges_is_left_out_with_one)
{
	accept_rig_add("10_first.yaml", accept_rig_first);
	accept_rig_add("20_two.yaml", two);
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("NOT DECIDED: 1 of 2 tests were not run");
	ck_assert_str_eq(accept_rig_test("20_two")->why,
	    "it needs 2 cartridges, and 1 was named");
}
END_TEST

START_TEST(a_slow_source_leaves_the_rate_undecided)
{
	const struct acceptance_row *row;

	accept_rig_add("10_third.yaml", accept_rig_third);
	accept_rig.fake.device.model = model_find("lto8");
	accept_rig.source_rate = 100e6;
	/* A tape in memory may be faster than any limit: none is judged. */
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	row = accept_rig_row("Source, without a tape");
	ck_assert_int_eq(row->judgement, ACCEPTANCE_NOT_JUDGED);
	ck_assert_str_eq(row->value, "100 MB/s");
	ck_assert_str_eq(row->limit, ">= 547.5 MB/s");
}
END_TEST

START_TEST(rates_of_special_data_are_told_apart)
{
	static const char rates[] =
	    "title: Rates\nacceptance: {kind: quick}\n" LIBRARY(
		1) "steps:\n"
		   "- {step: label}\n"
		   "- {step: measure, what: rate, volume: 1, size: 1 MiB}\n"
		   "- {step: measure, what: rate, volume: 1, size: 1 MiB, "
		   "zeros: true, compression: on}\n"
		   "- {step: measure, what: rate, volume: 1, size: 1 MiB, "
		   "zeros: true, compression: off}\n";

	accept_rig_add("10_rates.yaml", rates);
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	ck_assert_ptr_nonnull(accept_rig_row("Write rate"));
	ck_assert_ptr_nonnull(
	    accept_rig_row("Write rate, zeros, compression on"));
	ck_assert_ptr_nonnull(
	    accept_rig_row("Read rate, zeros, compression off"));
}
END_TEST

/* A robot loads it after the drive was asked what it is. */
START_TEST(a_capacity_is_compared_with_that_of_the_cartridge)
{
	static const char whole[] =
	    "title: Ends\nacceptance: {kind: quick}\n" LIBRARY(
		1) "steps: [{step: label}, "
		   "{step: measure, what: ends, volume: 1}]\n";
	const struct acceptance_row *row;

	accept_rig_add("10_ends.yaml", whole);
	accept_rig.fake.device.model = model_find("lto8");
	accept_rig.fake.capacities[0] = _i == 0 ? 0 : 64 << 20;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	row = accept_rig_row("Capacity to the physical end");
	ck_assert_ptr_nonnull(row);
	/* 64 MiB, twice as many are written, and read: 200 %. */
	ck_assert_msg((strstr(accept_rig.text,
			   "Cartridge VTA001L8 holds 67.11 MB by its memory, "
			   "and not 12 TB: the wear of the run is 200 %.\n") !=
			  NULL) == (_i == 1),
	    "%s", accept_rig.text);
	ck_assert_str_eq(row->limit, _i == 0 ? ">= 10.8 TB" : ">= 60.4 MB");
	ck_assert_str_eq(row->source,
	    _i == 0 ? "profile lto8, 10 % less"
		    : "memory of the cartridge, 10 % less");
	ck_assert_ptr_nonnull(accept_rig_row("Write rate, whole tape"));
	ck_assert_int_eq(row->judgement,
	    _i == 0 ? ACCEPTANCE_NOT_MET : ACCEPTANCE_MET);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("accept");
	TCase *tcase = tcase_create("accept");

	tcase_add_checked_fixture(tcase, accept_rig_set_up,
	    accept_rig_tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase,
	    a_filter_that_leaves_out_tests_of_other_runs_leaves_nothing_open, 0,
	    2);
	tcase_add_test(tcase, a_good_drive_passes);
	tcase_add_loop_test(tcase,
	    tests_that_a_filter_leaves_out_leave_the_verdict_open, 0, 2);
	tcase_add_test(tcase, a_drive_that_cannot_be_tested_is_refused);
	tcase_add_test(tcase, the_verdict_of_a_virtual_drive_says_so);
	tcase_add_test(tcase, a_failing_test_stops_only_those_that_need_it);
	tcase_add_test(tcase, a_hardware_error_stops_all);
	tcase_add_test(tcase,
	    a_medium_error_on_the_only_cartridge_decides_nothing);
	tcase_add_test(tcase, a_medium_error_is_tried_on_a_second_cartridge);
	tcase_add_test(tcase,
	    medium_errors_on_two_cartridges_are_a_fault_of_the_drive);
	tcase_add_test(tcase, an_error_counter_that_grows_is_a_fault);
	tcase_add_loop_test(tcase, a_sum_that_lacks_a_cartridge_is_not_judged,
	    0, 2);
	tcase_add_loop_test(tcase, errors_are_not_judged_if_no_data_was_moved,
	    0, 2);
	tcase_add_test(tcase, what_the_drive_counts_is_kept_for_each_test);
	tcase_add_loop_test(tcase, what_was_not_looked_at_is_not_good, 0, 3);
	tcase_add_test(tcase, a_flag_that_a_load_sets_counts);
	tcase_add_test(tcase, cleaning_is_a_doubt_and_stops_nothing);
	tcase_add_test(tcase,
	    a_temperature_alert_stops_all_and_decides_nothing);
	tcase_add_test(tcase,
	    a_critical_alert_of_the_drive_stops_all_and_is_a_fault);
	tcase_add_test(tcase,
	    a_cartridge_that_was_not_named_interrupts_the_run);
	tcase_add_test(tcase, a_test_of_two_cartridges_is_left_out_with_one);
	tcase_add_test(tcase, a_slow_source_leaves_the_rate_undecided);
	tcase_add_test(tcase, rates_of_special_data_are_told_apart);
	tcase_add_loop_test(tcase,
	    a_capacity_is_compared_with_that_of_the_cartridge, 0, 2);
	suite_add_tcase(s, tcase);
	return run_suite(s);
}

/*
 * check_accept_continued.c: acceptance runs that were killed or interrupted,
 * and are continued.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reports/json/acceptance.h"
#include "reports/tests/report_scratch.h"
#include "sim/accept/tests/accept_rig.h"
#include "splitter/base/signals.h"
#include "splitter/tests/part.h"

static void kill_in_the_second(struct acceptance *a)
{
	a->tests[1].state = ACCEPTANCE_TEST_RUNNING;
	a->tests[2].state = ACCEPTANCE_TEST_PENDING;
	acceptance_set(&a->cartridges[0].change, "");
}

/* Its rows and those of the run are added again. */
static void continue_with_the_third(struct acceptance *a)
{
	a->tests[2].state = ACCEPTANCE_TEST_PENDING;
	acceptance_remove_rows(a, "");
}

static void kill_before_the_third(struct acceptance *a)
{
	a->tests[2].state = ACCEPTANCE_TEST_PENDING;
}

START_TEST(a_killed_run_continues_with_the_test_that_it_was_in)
{
	accept_rig_add_three();
	accept_rig.fake.serials[0] = "MED0001";
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_rewrite(kill_in_the_second);
	accept_rig.fake.changes[0] = 99; /* the killed test wrote */
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("PASSED");
	ck_assert_ptr_nonnull(strstr(accept_rig.text, "is continued"));
	ck_assert_uint_eq(accept_rig_test("10_first")->attempts, 1);
	ck_assert_uint_eq(accept_rig_test("20_second")->attempts, 2);
	ck_assert_str_eq(accept_rig.record.cartridges[0].serial, "MED0001");
}
END_TEST

/*
 * Only the label says that the cartridge may be written, and the killed
 * run leaves it without an end of its dump.
 */
START_TEST(a_run_that_sigkill_ended_continues_on_its_cartridge)
{
	accept_rig_add_three();
	/* The dump of the second test has four parts, so four writes or more. */
	for (unsigned at = 1; at <= 3; at++) {
		accept_rig.fake.killed_at = at;
		/* The killed run before has written. */
		accept_rig.fake.changes[0] = 1000000 * at;
		ck_assert(accept_rig_is_killed());
	}
	accept_rig.fake.killed_at = 0;
	accept_rig.fake.changes[0] = 9000000;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("PASSED");
	ck_assert_uint_eq(accept_rig_test("20_second")->attempts, 4);
}
END_TEST

/* More than the places of the three tests: then the run ends by itself. */
enum { PLACES = 40 };

/*
 * Before each label, header, write and filemark, and after each label.  The drive
 * finishes what it holds, so the cartridge changes in any case.
 */
START_TEST(a_run_that_is_killed_at_any_place_is_continued)
{
	accept_rig_add_three();
	accept_rig.fake.killed_at_change = (unsigned)_i;
	if (!accept_rig_is_killed())
		return;
	ck_assert_int_lt(_i, PLACES);
	accept_rig.fake.killed_at_change = 0;
	accept_rig.fake.changes[0] = 9000000;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("PASSED");
	ck_assert_ptr_nonnull(strstr(accept_rig.text, "is continued"));
}
END_TEST

/* The killed run was writing an entry. */
START_TEST(a_torn_entry_is_left_out_of_the_evidence)
{
	size_t bytes;
	char *json;

	accept_rig_add_three();
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_rewrite(kill_before_the_third);
	report_scratch_write(accept_rig.out, "evidence.jsonl",
	    "{\"test\": \"\"}\n{\"test\": \"torn");
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	json = report_scratch_read(accept_rig.out, "evidence.json", &bytes);
	ck_assert_ptr_null(strstr(json, "torn"));
	ck_assert_ptr_nonnull(strstr(json, "\"begin\""));
	free(json);
}
END_TEST

/* The disk is full: no test is done whose evidence is missing. */
START_TEST(without_its_evidence_a_test_is_not_done)
{
	char path[SCRATCH_PATH_BYTES + 32];

	accept_rig_add_three();
	snprintf(path, sizeof path, "%s/evidence.jsonl", accept_rig.out);
	ck_assert_int_eq(symlink("/dev/full", path), 0);
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	ck_assert_ptr_nonnull(strstr(accept_rig.err,
	    "evidence.jsonl: cannot write"));
	ck_assert_ptr_null(strstr(accept_rig.text, "20_second: "));
	ck_assert_int_ne(accept_rig_test("10_first")->state,
	    ACCEPTANCE_TEST_DONE);
	/* There is room again. */
	ck_assert_int_eq(unlink(path), 0);
	accept_rig.fake.changes[0] = 99;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("PASSED");
}
END_TEST

START_TEST(an_interrupted_run_says_so_and_continues)
{
	pid_t child;
	int status;

	accept_rig_add_three();
	accept_rig.fake.killed_at = 2;
	accept_rig.fake.signal = SIGINT;
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		ck_assert_int_eq(signals_begin(), 0);
		_exit(accept_rig_run() == ACCEPT_INTERRUPTED &&
			    strstr(accept_rig.err, "continues the run") != NULL
			? 0
			: 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	/* The cartridge is as the child has left it. */
	ck_assert_int_eq(report_acceptance_read(accept_rig.out,
			     &accept_rig.record, accept_rig.err,
			     sizeof accept_rig.err),
	    0);
	accept_rig.fake.changes[0] =
	    strtoull(accept_rig.record.cartridges[0].change, NULL, 16);
	ck_assert_uint_gt(accept_rig.fake.changes[0], 0);
	accept_rig.fake.killed_at = 0;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("PASSED");
	ck_assert_uint_eq(accept_rig_test("20_second")->attempts, 2);
}
END_TEST

START_TEST(evidence_of_another_run_is_not_added_to)
{
	accept_rig_add_three();
	report_scratch_write(accept_rig.out, "evidence.jsonl",
	    "{\"test\": \"\"}\n");
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(accept_rig.err,
	    "evidence of another run"));
}
END_TEST

START_TEST(a_drive_without_a_serial_number_does_not_continue_a_run)
{
	accept_rig_add_three();
	accept_rig.fake.serial = "";
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_rewrite(kill_before_the_third);
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(accept_rig.err,
	    "reports no serial number"));
}
END_TEST

START_TEST(a_finished_run_is_not_continued)
{
	accept_rig_add_three();
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(accept_rig.err, "has ended"));
}
END_TEST

START_TEST(another_drive_does_not_continue_the_run)
{
	accept_rig_add_three();
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_rewrite(kill_in_the_second);
	accept_rig.fake.serial = "FAKE0002";
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(accept_rig.err, "serial number FAKE0001"));
	accept_rig.fake.serial = "FAKE0001";
	accept_rig.fake.firmware = "2.0";
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(accept_rig.err, "had the firmware 1.0"));
	accept_rig.fake.firmware = "1.0";
	accept_rig.config.names_count = 2;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(accept_rig.err, "other cartridges"));
	accept_rig.config.names_count = 1;
	accept_rig.config.run = SCENARIO_FILL;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(accept_rig.err, "is a quick run"));
}
END_TEST

START_TEST(an_exchanged_cartridge_interrupts_a_continued_run)
{
	unsigned writes;

	accept_rig_add_three();
	accept_rig.fake.serials[0] = "MED0001";
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_rewrite(kill_before_the_third);
	writes = accept_rig.fake.writes;
	accept_rig.fake.serials[0] = "MED0002";
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	ck_assert_uint_eq(accept_rig.record.faults_count, 0);
	ck_assert_ptr_nonnull(strstr(accept_rig.record.stopped,
	    "it was exchanged"));
	ck_assert_uint_eq(accept_rig.fake.writes, writes);
}
END_TEST

START_TEST(a_cartridge_that_others_wrote_interrupts_a_continued_run)
{
	unsigned writes;

	accept_rig_add_three();
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_rewrite(kill_before_the_third);
	writes = accept_rig.fake.writes;
	accept_rig.fake.changes[0]++;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	ck_assert_uint_eq(accept_rig.record.faults_count, 0);
	ck_assert_ptr_nonnull(strstr(accept_rig.record.stopped,
	    "was written by another program"));
	/* Nothing brings the old reference back. */
	ck_assert_ptr_nonnull(strstr(accept_rig.err, "begin again"));
	ck_assert_ptr_null(strstr(accept_rig.err, "continues the run"));
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	ck_assert_uint_eq(accept_rig.fake.writes, writes);
}
END_TEST

static const char on_another[] =
    "title: Another cartridge\nacceptance: {kind: quick}\n" LIBRARY(
	2) "steps:\n"
	   "- {step: label}\n"
	   "- {step: measure, what: rate, volume: 2, size: 2 MiB, expect: "
	   "[result == done]}\n";

/* The last of three tests runs in a second process. */
START_TEST(corrected_errors_are_those_of_all_processes_by_what_was_moved)
{
	const struct acceptance_cartridge *c;
	char expected[64];
	uint64_t written, read;

	accept_rig_add("10_first.yaml", accept_rig_third);
	accept_rig_add("20_second.yaml", on_another);
	accept_rig_add("30_third.yaml", accept_rig_third);
	accept_rig.config.names_count = 2;
	accept_rig.fake.corrected = 5;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	written = accept_rig.record.cartridges[0].written_bytes;
	read = accept_rig.record.cartridges[0].read_bytes;
	ck_assert_uint_eq(written, 2 << 20);
	/* Labels, and the headers of files, are read too. */
	ck_assert_uint_gt(read, written);
	accept_rig_rewrite(continue_with_the_third);
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	c = &accept_rig.record.cartridges[0];
	ck_assert_uint_eq(c->written_bytes, 3 << 20);
	ck_assert_uint_gt(c->read_bytes, read);
	for (unsigned i = 0; i < 2; i++) {
		const struct acceptance_counter *n = NULL;

		for (size_t j = 0; j < accept_rig.record.counters_count; j++)
			if (accept_rig.record.counters[j].page == 2 + i &&
			    accept_rig.record.counters[j].code == 3 &&
			    strcmp(accept_rig.record.counters[j].cartridge,
				c->name) == 0)
				n = &accept_rig.record.counters[j];
		ck_assert_ptr_nonnull(n);
		snprintf(expected, sizeof expected, "%.1f",
		    (double)n->value * 1e12 /
			(double)(i == 0 ? c->written_bytes : c->read_bytes));
		ck_assert_str_eq(
		    accept_rig_row(i == 0
			    ? "Corrected write errors per TB, VTA001L8"
			    : "Corrected read errors per TB, VTA001L8")
			->value,
		    expected);
	}
	/* The second cartridge has its own rows. */
	ck_assert_uint_eq(accept_rig.record.cartridges[1].written_bytes,
	    2 << 20);
	ck_assert(accept_rig_row("Corrected write errors per TB, VTA002L8") !=
	    NULL);
	ck_assert(accept_rig_row("Corrected read errors per TB, VTA002L8") !=
	    NULL);
	ck_assert_str_eq(accept_rig_row("Uncorrected write errors")->value,
	    "0");
}
END_TEST

int main(void)
{
	TCase *tcase = accept_rig_case("accept_continued");

	tcase_add_test(tcase,
	    a_killed_run_continues_with_the_test_that_it_was_in);
	tcase_add_test(tcase,
	    a_run_that_sigkill_ended_continues_on_its_cartridge);
	part_add_loop_test(tcase,
	    a_run_that_is_killed_at_any_place_is_continued, 1, PLACES + 1, 3);
	tcase_add_test(tcase, a_torn_entry_is_left_out_of_the_evidence);
	tcase_add_test(tcase, without_its_evidence_a_test_is_not_done);
	tcase_add_test(tcase, an_interrupted_run_says_so_and_continues);
	tcase_add_test(tcase, evidence_of_another_run_is_not_added_to);
	tcase_add_test(tcase,
	    a_drive_without_a_serial_number_does_not_continue_a_run);
	tcase_add_test(tcase, a_finished_run_is_not_continued);
	tcase_add_test(tcase, another_drive_does_not_continue_the_run);
	tcase_add_test(tcase,
	    an_exchanged_cartridge_interrupts_a_continued_run);
	tcase_add_test(tcase,
	    a_cartridge_that_others_wrote_interrupts_a_continued_run);
	tcase_add_test(tcase,
	    corrected_errors_are_those_of_all_processes_by_what_was_moved);
	return accept_rig_run_case(tcase);
}

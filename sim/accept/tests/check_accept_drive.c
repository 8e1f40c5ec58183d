/*
 * check_accept_drive.c: acceptance runs of a drive that speaks SCSI: one of a
 * virtual library in this process, by the back end of the sg driver.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/accept/tests/accept_drive.h"
#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"

#define TESTS "scenarios/acceptance"

static bool has_fact(const char *name, const char *value)
{
	for (size_t i = 0; i < accept_drive.record.facts_count; i++)
		if (strcmp(accept_drive.record.facts[i].name, name) == 0 &&
		    strstr(accept_drive.record.facts[i].value, value) != NULL)
			return true;
	return false;
}

START_TEST(all_tests_pass_on_a_virtual_drive)
{
	const struct acceptance_row *line_of_rewind = NULL;
	char *line;
	size_t bytes;

	ck_assert_msg(accept_drive_run(TESTS, 2, false) == ACCEPT_ENDED, "%s",
	    accept_drive.err);
	line = acceptance_verdict_line(&accept_drive.record);
	ck_assert_msg(strstr(line, "VIRTUAL DRIVE: ") == line, "%s", line);
	for (size_t i = 0; i < accept_drive.record.tests_count; i++)
		ck_assert_msg(accept_drive.record.tests[i].result ==
			ACCEPTANCE_MET,
		    "%s\n%s", accept_drive.text, line);
	free(line);
	ck_assert_uint_eq(accept_drive.record.tests_count, 12);
	ck_assert_str_eq(accept_drive.record.virtual_drive, "tapelab");
	ck_assert(has_fact("Profile", "lto8"));
	ck_assert(has_fact("VTA001L8", "LTO-8"));
	ck_assert(has_fact("VTA002L8", "serial number"));
	for (size_t i = 0; i < accept_drive.record.rows_count; i++)
		if (strcmp(accept_drive.record.rows[i].what, "Rewind") == 0)
			line_of_rewind = &accept_drive.record.rows[i];
	ck_assert_ptr_nonnull(line_of_rewind);
	ck_assert_int_eq(line_of_rewind->judgement, ACCEPTANCE_MET);
	ck_assert_ptr_nonnull(strstr(line_of_rewind->source, "profile lto8"));
	/* Two sheets of paper. */
	ck_assert(report_scratch_has(accept_drive.out, "acceptance.html",
	    "Page 2 of 2"));
	line = report_scratch_read(accept_drive.out, "evidence.json", &bytes);
	ck_assert_ptr_nonnull(strstr(line, "\"medium attribute\""));
	ck_assert_ptr_nonnull(strstr(line, "\"check condition\""));
	/* That of the blank cartridge, at its first load. */
	ck_assert_ptr_nonnull(strstr(line, "Blank Check"));
	ck_assert_ptr_nonnull(strstr(line, "\"before the run\""));
	ck_assert_ptr_nonnull(strstr(line, "\"02h/00h\""));
	free(line);
}
END_TEST

/*
 * Expected: an adapter that takes less than the blocks of a test is no fault of the
 * drive.  Bug: "its drive takes blocks of 524288 bytes at most, not of 1048576".
 */
START_TEST(an_adapter_that_takes_short_blocks_gets_short_blocks)
{
	const bool is_short = _i == 0;

	accept_drive_close();
	accept_drive.largest_bytes = is_short ? 512 << 10 : 1 << 20;
	accept_drive_open();
	accept_drive_add("10_rate.yaml",
	    "title: The drive writes and reads at its rate\n"
	    "acceptance: {kind: quick}\n"
	    "library:\n"
	    "  drives: [lto8]\n"
	    "  volumes: {count: 1, capacity: 128 MiB}\n"
	    "splitter: {block: 1 MiB}\n"
	    "steps:\n"
	    "  - {step: label}\n"
	    "  - {step: measure, what: rate, volume: 1, size: 64 MiB, "
	    "expect: [result == done, restored == source]}\n");
	accept_drive_run_added(1);
	ck_assert_int_eq(accept_drive.record.tests[0].result, ACCEPTANCE_MET);
	ck_assert_msg((strstr(accept_drive.text,
			   "Blocks have 512 KiB at most: drive and adapter "
			   "take no longer ones.") != NULL) == is_short,
	    "%s", accept_drive.text);
}
END_TEST

/*
 * Expected: each size that the adapter takes is good.  Bug: the test of block sizes
 * wanted eight of them, and an adapter of 128 KiB takes seven.
 */
START_TEST(an_adapter_decides_how_many_block_sizes_there_are)
{
	accept_drive_close();
	accept_drive.largest_bytes = 128 << 10;
	accept_drive_open();
	ck_assert_msg(accept_drive_run(TESTS, 2, false) == ACCEPT_ENDED, "%s",
	    accept_drive.err);
	ck_assert_uint_eq(accept_drive.record.faults_count, 0);
	ck_assert_str_eq(accept_drive_row("25_block_sizes", "Block sizes")
			     ->value,
	    "7");
}
END_TEST

/* The status of a WRITE is in the evidence, and leaves the verdict open. */
START_TEST(an_answer_that_another_initiator_causes_is_recorded)
{
	static const struct served_instead full_once = {
		.opcode = 0x0a,
		.after = 3,
		.status = SCSI_TASK_SET_FULL,
	};
	char *line, *evidence;
	size_t bytes;

	served_port_instead(accept_drive.ports[0], &full_once);
	ck_assert_msg(accept_drive_run(TESTS, 1, false) == ACCEPT_ENDED, "%s",
	    accept_drive.err);
	line = acceptance_verdict_line(&accept_drive.record);
	ck_assert_msg(strstr(line,
			  "another program or host may have used the drive: "
			  "WRITE(6): the device has too many commands") != NULL,
	    "%s", line);
	free(line);
	evidence =
	    report_scratch_read(accept_drive.out, "evidence.json", &bytes);
	ck_assert_ptr_nonnull(strstr(evidence, "\"kind\": \"status\""));
	ck_assert_ptr_nonnull(strstr(evidence, "\"kind\": \"others\""));
	free(evidence);
}
END_TEST

START_TEST(what_a_drive_wrote_is_read_on_a_second_drive)
{
	const struct acceptance_row *row = NULL;
	char first[64];

	ck_assert_msg(accept_drive_run(TESTS, 2, true) == ACCEPT_ENDED, "%s",
	    accept_drive.err);
	ck_assert_uint_eq(accept_drive.record.tests_count, 13);
	ck_assert_msg(accept_drive.record.tests[12].result == ACCEPTANCE_MET,
	    "%s", accept_drive.text);
	for (size_t i = 0; i < accept_drive.record.rows_count; i++)
		if (strcmp(accept_drive.record.rows[i].what,
			"Read-back on a second drive") == 0)
			row = &accept_drive.record.rows[i];
	ck_assert_ptr_nonnull(row);
	ck_assert_str_eq(row->value, "source");
	ck_assert(has_fact("Second drive", "serial number TL"));
	snprintf(first, sizeof first, "serial number %s",
	    accept_drive.record.serial);
	ck_assert(!has_fact("Second drive", first));
	/* READ, and neither WRITE, WRITE FILEMARKS, ERASE nor FORMAT MEDIUM. */
	ck_assert_uint_gt(served_port_count(accept_drive.ports[1], 0x08), 64);
	ck_assert_uint_eq(served_port_count(accept_drive.ports[1], 0x0a), 0);
	ck_assert_uint_eq(served_port_count(accept_drive.ports[1], 0x10), 0);
	ck_assert_uint_eq(served_port_count(accept_drive.ports[1], 0x19), 0);
	ck_assert_uint_eq(served_port_count(accept_drive.ports[1], 0x04), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("accept_drive");
	TCase *tcase = tcase_create("accept_drive");

	tcase_add_checked_fixture(tcase, accept_drive_set_up,
	    accept_drive_tear_down);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, all_tests_pass_on_a_virtual_drive);
	tcase_add_loop_test(tcase,
	    an_adapter_that_takes_short_blocks_gets_short_blocks, 0, 2);
	tcase_add_test(tcase,
	    an_adapter_decides_how_many_block_sizes_there_are);
	/* check_accept_others and check_accept_second have more of each. */
	if (!part_only()) {
		tcase_add_test(tcase,
		    an_answer_that_another_initiator_causes_is_recorded);
		tcase_add_test(tcase,
		    what_a_drive_wrote_is_read_on_a_second_drive);
	}
	suite_add_tcase(s, tcase);
	return run_suite(s);
}

/*
 * check_accept_disturbed.c: what a cartridge that is taken out or exchanged, a
 * drive that does not answer, and a changer that fails are for an acceptance run.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/accept/tests/accept_drive.h"
#include "sim/accept/tests/hands.h"
#include "splitter/scsi/facts/settings.h"
#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"

static void set_up(void)
{
	accept_drive_set_up();
	accept_drive_add("10_label.yaml",
	    "title: A label\nacceptance: {kind: quick}\n"
	    "library: {drives: [lto8], volumes: {count: 1, capacity: 64 MiB}}\n"
	    "steps: [{step: label, expect: [result == done]}]\n");
	accept_drive_add("20_write.yaml",
	    "title: A dump\nacceptance: {kind: quick, needs: 10_label}\n"
	    "library: {drives: [lto8], volumes: {count: 1, capacity: 64 MiB}}\n"
	    "splitter: {block: 64 KiB, buffer: 256 KiB, part: 256 KiB, cache: "
	    "memory}\n"
	    "dumps: [{name: d, size: 1 MiB}]\n"
	    "steps:\n"
	    "- {step: label}\n"
	    "- {step: write, dump: d, volumes: 1, expect: [result == done]}\n"
	    "- {step: read, dump: d, expect: [restored == source]}\n");
	accept_drive_add("30_rate.yaml",
	    "title: Rates\nacceptance: {kind: quick}\n"
	    "library: {drives: [lto8], volumes: {count: 1, capacity: 64 MiB}}\n"
	    "steps:\n"
	    "- {step: label}\n"
	    "- {step: measure, what: rate, volume: 1, size: 1 MiB, expect: "
	    "[result == done]}\n");
}

/* --- what happens --- */

/* Another host resets the drive. */
static void reset(void)
{
	served_library_reset(accept_drive.served, 1);
}

static void answer(bool for_good, uint8_t ascq)
{
	const struct served_instead not_ready = { .opcode = -1,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x04, ascq,
		    0, 0, 0, 0 },
		.sense_bytes = 18,
		.for_good = for_good };

	served_port_instead(accept_drive.ports[0], &not_ready);
}

/* A button was pressed: the drive loads the cartridge again. */
static void load_again(void)
{
	answer(false, 1);
}

/* The drive asks for a person: manual intervention. */
static void need_service(void)
{
	answer(true, 3);
}

/* The cable is pulled: no command is answered. */
static void fall_silent(void)
{
	static const struct served_instead lost = {
		.opcode = -1, .outcome = SCSI_LOST, .for_good = true
	};

	served_port_instead(accept_drive.ports[0], &lost);
}

/*
 * The drive has blocks of 512 bytes, and answers so to the program that wants to
 * change that.
 */
static void fix_blocks(uint8_t status, uint8_t key, uint8_t asc)
{
	const struct served_instead refusal = { .opcode = 0x55,
		.outcome = SCSI_ANSWERED,
		.status = status,
		.sense = { 0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc },
		.sense_bytes = key != 0 ? 18 : 0,
		.for_good = key != 0 };
	struct scsi_unit unit;
	char why[256];

	served_port_clear_attentions(accept_drive.ports[0]);
	scsi_unit_init(&unit, served_port_scsi(accept_drive.ports[0]));
	ck_assert_msg(scsi_set_block_bytes(&unit, 512, why, sizeof why), "%s",
	    why);
	served_port_instead(accept_drive.ports[0], &refusal);
}

static int bring_nothing(const struct real_wanted *wanted, char *barcode,
    char *why, size_t why_bytes)
{
	(void)why, (void)why_bytes;
	strcpy(barcode, wanted->barcode);
	return 0;
}

/* --- what is said --- */

/* The person puts the cartridge in again; the same command passes. */
static void is_continued(void)
{
	accept_drive_close();
	served_library_take(accept_drive.served, 0);
	served_library_load(accept_drive.served, 0, 0);
	accept_drive.full[0] = true;
	accept_drive.changed_at = accept_drive.disturbed_at = 0;
	accept_drive_open();
	accept_drive_run_added(1);
	for (size_t i = 0; i < accept_drive.record.tests_count; i++)
		ck_assert_msg(accept_drive.record.tests[i].result ==
			ACCEPTANCE_MET,
		    "%s", accept_drive.text);
	ck_assert_ptr_nonnull(strstr(accept_drive.text, "is continued"));
}

static const struct disturbance {
	void (*disturb)(void);
	const char *says;
} taken_out[] = {
	{ hands_take_out, "(2/3A/00)" },
	{ hands_exchange, "(6/28/00)" },
	{ hands_put_in_again, "(6/28/00)" },
	{ load_again, "(2/04/01)" },
};

/* More than the run writes: then it ends by itself. */
enum { WRITES = 45 };

/*
 * Expected: the run is interrupted, and says what to do.  Bug: the drive was
 * blamed, or the journal had the change reference of the other cartridge.
 */
START_TEST(a_cartridge_that_is_taken_out_interrupts_the_run)
{
	const struct disturbance *d = &taken_out[_i % 4];
	enum accept_end end;

	accept_drive.disturb = d->disturb;
	accept_drive.disturbed_at = (unsigned)_i;
	end = accept_drive_run(accept_drive.tests, 1, false);
	if (accept_drive.disturbed_at > 0) {
		ck_assert_int_eq(end, ACCEPT_ENDED);
		return;
	}
	ck_assert_int_lt(_i, WRITES);
	ck_assert_int_eq(end, ACCEPT_INTERRUPTED);
	ck_assert_uint_eq(accept_drive.record.faults_count, 0);
	ck_assert_msg(
	    strstr(accept_drive.err,
		"cartridge VTA001L8 was taken out of the drive during "
		"a test, or unloaded or exchanged there (") == accept_drive.err,
	    "%s", accept_drive.err);
	ck_assert_msg(strstr(accept_drive.err, d->says) != NULL, "%s",
	    accept_drive.err);
	ck_assert_ptr_nonnull(strstr(accept_drive.err,
	    "put it in again, and the same command continues the run"));
	hands_other_is_blank();
	is_continued();
}
END_TEST

/*
 * Expected: a run that is interrupted writes no more.  Bug: the step continued with
 * its next cartridge.
 */
START_TEST(an_interrupted_run_leaves_the_next_cartridge_alone)
{
	accept_drive_add("10_label.yaml",
	    "title: Two labels\nacceptance: {kind: quick}\n"
	    "library: {drives: [lto8], volumes: {count: 2, capacity: 64 MiB}}\n"
	    "steps: [{step: label, expect: [result == done]}]\n");
	accept_drive.disturb = hands_take_out;
	accept_drive.disturbed_at = 1;
	ck_assert_int_eq(accept_drive_run(accept_drive.tests, 2, false),
	    ACCEPT_INTERRUPTED);
	ck_assert_msg(strstr(accept_drive.err, "was taken out of the drive") !=
		NULL,
	    "%s", accept_drive.err);
	hands_other_is_blank();
}
END_TEST

static const struct changer_row {
	int (*change)(const struct real_wanted *wanted, char *barcode,
	    char *why, size_t why_bytes);
	const char *says;
} changers[] = {
	{ hands_jam,
	    "/dev/sg0: the command \"mtx\" with \"load\" failed: it ended with "
	    "status 1: when that is put right, the same command continues the "
	    "run" },
	{ hands_bring_other_under_its_name,
	    "/dev/sg0: volume VTA002L8 is in the drive, not the requested one: "
	    "when that is put right, the same command continues the run" },
	{ hands_bring_other_under_the_wanted_name,
	    "cartridge VTA001L8 has the serial number VTA002L8, and had "
	    "VTA001L8 when the run began: it was exchanged; put the first one "
	    "in again, and the same command continues the run" },
};

/* Expected: the changer is named.  Bug: the drive was blamed. */
START_TEST(a_changer_that_fails_interrupts_the_run)
{
	const struct changer_row *row = &changers[_i % 3];

	accept_drive.change = row->change;
	accept_drive.changed_at = (unsigned)_i / 3 + 1;
	ck_assert_int_eq(accept_drive_run(accept_drive.tests, 1, false),
	    ACCEPT_INTERRUPTED);
	ck_assert_msg(strstr(accept_drive.err, row->says) == accept_drive.err,
	    "%s", accept_drive.err);
	ck_assert_uint_eq(accept_drive.record.faults_count, 0);
	hands_other_is_blank();
	is_continued();
}
END_TEST

/* Expected: the cause may be elsewhere.  Bug: the drive was blamed. */
START_TEST(a_drive_that_was_reset_is_not_judged)
{
	accept_drive.disturb = reset;
	accept_drive.disturbed_at = 10;
	accept_drive_run_added(1);
	accept_drive_verdict_is("NOT DECIDED: 20_write: another program or "
				"host may have used the drive: ");
	accept_drive_verdict_has("(6/29/03)");
	/* Another test tells more. */
	ck_assert_int_eq(accept_drive.record.tests[2].result, ACCEPTANCE_MET);
}
END_TEST

/* What a bad cable, or the adapter, causes. */
static const struct {
	uint8_t key, asc;
	const char *code;
} of_way[] = {
	{ 0x0b, 0x08, "(B/08/00)" },
	{ 0x0b, 0x47, "(B/47/00)" },
	{ 0x0b, 0x4a, "(B/4A/00)" },
	{ 0x0b, 0x4b, "(B/4B/00)" },
	{ 0x0b, 0x4e, "(B/4E/00)" },
	{ 0x04, 0x08, "(4/08/00)" },
};

enum { OF_WAY = sizeof of_way / sizeof *of_way };

static int on_way; /* which of them */

static void lose_a_write(void)
{
	served_port_check(accept_drive.ports[0], 0x0a, false,
	    &(struct served_sense){ .key = of_way[on_way].key,
		.asc = of_way[on_way].asc,
		.information = -1 });
}

/* Expected: NOT DECIDED, and what to look at.  Bug: the drive was blamed. */
START_TEST(an_error_on_the_way_to_the_drive_is_not_its_fault)
{
	on_way = _i % OF_WAY;
	accept_drive.disturb = lose_a_write;
	accept_drive.disturbed_at = 10;
	/* Nor is it one of a cartridge. */
	accept_drive_run_added(1 + (size_t)_i / OF_WAY);
	accept_drive_verdict_is(
	    "NOT DECIDED: 20_write: an error on the way to the drive: look at "
	    "cable and adapter: WRITE(6): ");
	accept_drive_verdict_has(of_way[on_way].code);
	ck_assert_uint_eq(accept_drive.record.faults_count, 0);
	ck_assert(!accept_drive.record.tests[1].second);
	/* The other tests are run. */
	ck_assert_int_eq(accept_drive.record.tests[2].result, ACCEPTANCE_MET);
	ck_assert_str_eq(accept_drive.record.stopped, "");
}
END_TEST

static void abort_deferred(void)
{
	const struct served_instead deferred = { .opcode = 0x0a,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x71, 0, 0x0b, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x47, 0 },
		.sense_bytes = 18 };

	served_port_instead(accept_drive.ports[0], &deferred);
}

/* Of the first filemark of a cartridge: a medium error, and one on the way. */
static const struct served_sense mark_errors[] = {
	{ .key = 3, .asc = 0x0c, .information = -1 },
	{ .key = 0x0b, .asc = 0x47, .information = -1 },
};

enum { MARK_ERRORS = sizeof mark_errors / sizeof *mark_errors };

static int mark_error;

static void fail_a_filemark(void)
{
	served_port_check(accept_drive.ports[0], 0x10, false,
	    &mark_errors[mark_error]);
}

/*
 * Expected: the run continues, with one cartridge and two.  Bug: the unload
 * wrote the label that was in the buffer, and the next load said that another
 * program wrote it: the run could not be continued.
 */
START_TEST(what_the_unload_writes_after_an_error_is_of_the_run)
{
	mark_error = _i % MARK_ERRORS;
	accept_drive.disturb = fail_a_filemark;
	accept_drive.disturbed_at = 1;
	accept_drive_run_added(1 + (size_t)(_i / MARK_ERRORS));
	ck_assert_uint_eq(accept_drive.disturbed_at, 0);
	ck_assert_uint_eq(accept_drive.record.faults_count, 0);
}
END_TEST

START_TEST(a_deferred_error_on_the_way_is_no_medium_error)
{
	accept_drive.disturb = abort_deferred;
	accept_drive.disturbed_at = 10;
	accept_drive_run_added(2);
	accept_drive_verdict_is(
	    "NOT DECIDED: 20_write: an error on the way to the drive: ");
	ck_assert(!accept_drive.record.tests[1].second);
}
END_TEST

START_TEST(a_drive_that_does_not_answer_stops_the_run)
{
	accept_drive.disturb = fall_silent;
	accept_drive.disturbed_at = 10;
	/* The robot cannot take the cartridge either. */
	accept_drive.change = hands_jam;
	accept_drive.changed_at = 3;
	accept_drive_run_added(1);
	accept_drive_verdict_is("NOT DECIDED: ");
	accept_drive_verdict_has("no answer of the device");
	accept_drive_verdict_has(
	    "stopped: the drive did not answer a command: look at its power, "
	    "its cable and the messages of the kernel, and begin again");
	ck_assert_int_eq(accept_drive.record.tests[2].state,
	    ACCEPTANCE_TEST_PENDING);
}
END_TEST

/* A bad place of the tape, and soon after it no answer any more. */
static void fail_and_fall_silent(void)
{
	static const struct served_instead lost = {
		.after = 3, .opcode = -1, .outcome = SCSI_LOST, .for_good = true
	};

	served_port_check(accept_drive.ports[0], 0x0a, false,
	    &(struct served_sense){ .key = 3, .asc = 0x0c, .information = -1 });
	served_port_instead(accept_drive.ports[0], &lost);
}

/*
 * Expected: the run is stopped.  Bug: the test was run again on the second
 * cartridge, where each command waits for its time-out.
 */
START_TEST(a_drive_that_falls_silent_after_a_medium_error_stops_the_run)
{
	accept_drive.disturb = fail_and_fall_silent;
	accept_drive.disturbed_at = 10;
	accept_drive.change = bring_nothing;
	accept_drive.changed_at = 3;
	accept_drive_run_added(2);
	accept_drive_verdict_is("NOT DECIDED: ");
	accept_drive_verdict_has("no answer of the device");
	accept_drive_verdict_has("stopped: the drive did not answer a command");
	ck_assert(!accept_drive.record.tests[1].second);
	ck_assert_int_eq(accept_drive.record.tests[2].state,
	    ACCEPTANCE_TEST_PENDING);
}
END_TEST

START_TEST(a_drive_that_needs_service_is_not_passed)
{
	accept_drive.disturb = need_service;
	accept_drive.disturbed_at = 10;
	accept_drive.change = bring_nothing;
	accept_drive.changed_at = 3;
	accept_drive_run_added(1);
	accept_drive_verdict_is("NOT PASSED: 20_write: hardware error: ");
	accept_drive_verdict_has("manual intervention required (2/04/03)");
}
END_TEST

/*
 * Expected: what the drive refused, and what to do.  Bug: an advice to continue the
 * run, which refused again.
 */
START_TEST(a_drive_that_refuses_a_setting_is_not_passed)
{
	fix_blocks(SCSI_CHECK_CONDITION, 5, 0x26);
	accept_drive_run_added(1);
	accept_drive_verdict_is("NOT PASSED: 10_label: ");
	accept_drive_verdict_has(
	    "the block size cannot be set: MODE SELECT: Illegal Request, "
	    "Invalid field in parameter list (5/26/00): it must take blocks of "
	    "variable length: switch them on in its configuration, or use "
	    "another drive");
	ck_assert_int_eq(accept_drive.record.tests[2].state,
	    ACCEPTANCE_TEST_PENDING);
}
END_TEST

START_TEST(a_drive_that_is_busy_with_a_setting_is_asked_again)
{
	fix_blocks(SCSI_BUSY, 0, 0);
	accept_drive_run_added(1);
	ck_assert_int_eq(accept_drive.record.tests[0].result, ACCEPTANCE_MET);
	ck_assert_uint_eq(accept_drive.record.faults_count, 0);
}
END_TEST

/* A trial has no second run: it says what happened, and nothing else is written. */
int main(void)
{
	Suite *s = suite_create("accept_disturbed");
	TCase *tcase = tcase_create("accept_disturbed");

	tcase_add_checked_fixture(tcase, set_up, accept_drive_tear_down);
	tcase_set_timeout(tcase, 120);
	part_add_loop_test(tcase,
	    a_cartridge_that_is_taken_out_interrupts_the_run, 1, WRITES + 1, 5);
	tcase_add_test(tcase,
	    an_interrupted_run_leaves_the_next_cartridge_alone);
	part_add_loop_test(tcase, a_changer_that_fails_interrupts_the_run, 0,
	    3 * 4, 5);
	tcase_add_test(tcase, a_drive_that_was_reset_is_not_judged);
	tcase_add_loop_test(tcase,
	    an_error_on_the_way_to_the_drive_is_not_its_fault, 0, 2 * OF_WAY);
	tcase_add_loop_test(tcase,
	    what_the_unload_writes_after_an_error_is_of_the_run, 0,
	    2 * MARK_ERRORS);
	tcase_add_test(tcase, a_deferred_error_on_the_way_is_no_medium_error);
	tcase_add_test(tcase, a_drive_that_does_not_answer_stops_the_run);
	tcase_add_test(tcase,
	    a_drive_that_falls_silent_after_a_medium_error_stops_the_run);
	tcase_add_test(tcase, a_drive_that_needs_service_is_not_passed);
	tcase_add_test(tcase, a_drive_that_refuses_a_setting_is_not_passed);
	tcase_add_test(tcase,
	    a_drive_that_is_busy_with_a_setting_is_asked_again);
	suite_add_tcase(s, tcase);
	return run_suite(s);
}

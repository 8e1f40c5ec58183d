/*
 * check_accept_judged.c: what an acceptance run calls good, and whom it blames: a
 * drive that speaks SCSI, which sets its TapeAlert flags and counts its errors.
 */
#include <check.h>
#include <string.h>

#include "sim/accept/tests/accept_drive.h"
#include "splitter/tests/run_suite.h"

#define LIBRARY                               \
	"library: {drives: [lto8], volumes: " \
	"{count: 1, capacity: 64 MiB}}\n"

static void set_up(void)
{
	accept_drive_set_up();
	accept_drive_add("10_label.yaml",
	    "title: A label\nacceptance: {kind: quick}\n" LIBRARY
	    "steps: [{step: label, expect: [result == done]}]\n");
	accept_drive_add("20_write.yaml",
	    "title: A dump\nacceptance: {kind: quick, needs: 10_label}\n" LIBRARY
	    "splitter: {block: 64 KiB, buffer: 256 KiB, part: 256 KiB, "
	    "cache: none}\n"
	    "dumps: [{name: d, size: 1 MiB}]\n"
	    "steps:\n"
	    "- {step: label}\n"
	    "- {step: write, dump: d, volumes: 1, expect: [result == done]}\n"
	    "- {step: read, dump: d, expect: [restored == source]}\n");
}

static void row_is(const char *test, const char *what, const char *value,
    enum acceptance_judgement judgement)
{
	ck_assert_str_eq(accept_drive_row(test, what)->value, value);
	ck_assert_int_eq(accept_drive_row(test, what)->judgement, judgement);
}

static const struct acceptance_test *test_of(const char *name)
{
	const struct acceptance_test *t = accept_drive.record.tests;

	while (strcmp(t->name, name) != 0)
		t++;
	return t;
}

/* The 6th block is one of the dump. */
static void fail_a_write(uint8_t key, uint8_t asc, bool once)
{
	const struct drive_fault fault = { .op = DRIVE_WRITE,
		.nth = 6,
		.once = once,
		.sense = { .key = key, .asc = asc } };

	served_library_fault(accept_drive.served, 0, &fault);
}

enum { MEDIUM_ERROR = 3, HARDWARE_ERROR = 4, RECOVERED = 1 };

/*
 * Expected: the test is run on the second cartridge.  Bug: the TapeAlert flags 4
 * and 6, which drives set with a medium error, ended the run.
 */
START_TEST(a_medium_error_is_tried_on_a_second_cartridge)
{
	fail_a_write(MEDIUM_ERROR, 0x0c, true);
	accept_drive_run_added(2);
	accept_drive_verdict_is("PASSED");
	ck_assert(test_of("20_write")->second);
	ck_assert_ptr_nonnull(strstr(test_of("20_write")->why,
	    "20_write: medium error on cartridge VTA001L8: "));
	/* The error of the first cartridge is not called 0. */
	row_is("", "Uncorrected write errors", "1", ACCEPTANCE_NOT_JUDGED);
	row_is("", "Unrecovered write errors of the volume", "1",
	    ACCEPTANCE_NOT_JUDGED);
	row_is("", "Uncorrected read errors", "0", ACCEPTANCE_MET);
}
END_TEST

/* Errors of the medium that lose the position, or are of its format. */
static const struct {
	enum drive_op op;
	uint64_t nth;
	uint8_t asc, ascq;
} of_medium[] = {
	{ DRIVE_WRITE, 6, 0x0c, 0x00 },
	{ DRIVE_WRITE, 6, 0x14, 0x03 },
	{ DRIVE_WRITE, 6, 0x3b, 0x00 },
	{ DRIVE_WRITE, 6, 0x3b, 0x08 },
	{ DRIVE_WRITE, 6, 0x30, 0x01 },
	{ DRIVE_WRITE, 6, 0x30, 0x02 },
	{ DRIVE_READ, 12, 0x11, 0x00 },
	{ DRIVE_READ, 12, 0x3b, 0x00 },
	{ DRIVE_READ, 12, 0x30, 0x02 },
};

static void fail_by_medium(int i, bool once)
{
	const struct drive_fault fault = { .op = of_medium[i].op,
		.nth = of_medium[i].nth,
		.once = once,
		.sense = { .key = MEDIUM_ERROR,
		    .asc = of_medium[i].asc,
		    .ascq = of_medium[i].ascq } };

	served_library_fault(accept_drive.served, 0, &fault);
}

/*
 * Expected: the test is run on the second cartridge.  Bug: only by the cause of the
 * error: the drive was blamed for 3/3B and 3/30.
 */
START_TEST(each_error_of_the_medium_is_tried_on_a_second_cartridge)
{
	fail_by_medium(_i, true);
	accept_drive_run_added(2);
	accept_drive_verdict_is("PASSED");
	ck_assert(test_of("20_write")->second);
	ck_assert_ptr_nonnull(strstr(test_of("20_write")->why,
	    "20_write: medium error on cartridge VTA001L8: "));
}
END_TEST

START_TEST(an_error_of_the_medium_on_two_cartridges_is_a_fault)
{
	fail_by_medium(_i, false);
	accept_drive_run_added(2);
	accept_drive_verdict_is("NOT PASSED: 20_write: medium errors on two "
				"cartridges, the second one on VTA002L8: ");
}
END_TEST

START_TEST(medium_errors_on_two_cartridges_are_a_fault_of_the_drive)
{
	fail_a_write(MEDIUM_ERROR, 0x0c, false);
	accept_drive_run_added(2);
	accept_drive_verdict_is(
	    "NOT PASSED: 20_write: medium errors on two cartridges, the "
	    "second one on VTA002L8: ");
	ck_assert_uint_eq(accept_drive.record.faults_count, 1);
	ck_assert_str_ne(accept_drive_row("", "Uncorrected write errors")
			     ->value,
	    "0");
}
END_TEST

/* Expected: 1.  Bug: it was 0, and met. */
START_TEST(an_uncorrected_error_is_counted_though_it_decides_nothing)
{
	fail_a_write(MEDIUM_ERROR, 0x0c, true);
	accept_drive_run_added(1);
	accept_drive_verdict_is(
	    "NOT DECIDED: 20_write: medium error on cartridge VTA001L8: ");
	ck_assert_uint_eq(accept_drive.record.doubts_count, 1);
	row_is("20_write", "Uncorrected write errors", "1",
	    ACCEPTANCE_NOT_JUDGED);
	row_is("", "Uncorrected write errors", "1", ACCEPTANCE_NOT_JUDGED);
}
END_TEST

/*
 * Expected: the run looks at the medium error of a test that did not fail.  Bug:
 * the drive was blamed for the error that it had counted.
 */
START_TEST(a_medium_error_of_a_test_that_did_not_fail_is_one)
{
	accept_drive_add("20_write.yaml",
	    "title: A label\nacceptance: {kind: quick}\n" LIBRARY "steps:\n"
	    "- {step: label}\n"
	    "- {step: measure, what: filemarks, volume: 1, size: 1 MiB, expect: [result == failed]}\n");
	fail_a_write(MEDIUM_ERROR, 0x0c, true);
	accept_drive_run_added(1);
	accept_drive_verdict_is(
	    "NOT DECIDED: 20_write: medium error on cartridge VTA001L8: ");
}
END_TEST

START_TEST(a_hardware_error_is_a_fault_and_its_test_has_rows)
{
	fail_a_write(HARDWARE_ERROR, 0x44, true);
	accept_drive_run_added(2);
	accept_drive_verdict_is("NOT PASSED: ");
	accept_drive_verdict_has("20_write: hardware error: ");
	ck_assert_int_eq(test_of("20_write")->result, ACCEPTANCE_NOT_MET);
	row_is("20_write", "result == done", "partial", ACCEPTANCE_NOT_JUDGED);
}
END_TEST

/* A deferred error has a sense key, too. */
START_TEST(a_deferred_hardware_error_is_no_medium_error)
{
	const struct drive_fault fault = { .op = DRIVE_WRITE,
		.nth = 6,
		.once = true,
		.deferred = true,
		.sense = { .key = HARDWARE_ERROR, .asc = 0x44 } };

	served_library_fault(accept_drive.served, 0, &fault);
	accept_drive_run_added(2);
	accept_drive_verdict_is("NOT PASSED: ");
	accept_drive_verdict_has("20_write: hardware error: ");
}
END_TEST

/*
 * Expected: NOT DECIDED.  Bug: a flag that the first load found was treated as
 * one that is older than the run.
 */
START_TEST(a_worn_cartridge_decides_nothing)
{
	static const unsigned loads[] = { 25000, 19000 };
	static const char *const verdicts[] = {
		"NOT DECIDED: cartridge VTA001L8 is worn",
		"NOT DECIDED: cartridge VTA001L8 is nearly worn",
	};

	accept_drive_close();
	served_library_take(accept_drive.served, 0);
	served_library_wear(accept_drive.served, 0, loads[_i]);
	served_library_load(accept_drive.served, 0, 0);
	accept_drive_open();
	accept_drive_run_added(1);
	accept_drive_verdict_is(verdicts[_i]);
	ck_assert_str_eq(accept_drive_fact("TapeAlert flags found"),
	    _i == 0 ? "7 (Medium life)" : "19 (Nearing medium life)");
	ck_assert_int_eq(test_of("20_write")->result, ACCEPTANCE_MET);
}
END_TEST

/* Sends REWIND, as another program does before the run. */
static void rewind_before(void)
{
	const uint8_t rewind[6] = { 0x01 };
	struct served_call call = { .device = 1,
		.nexus = 1,
		.cdb = rewind,
		.cdb_bytes = sizeof rewind };

	/* The first one meets the unit attention of a new initiator. */
	served_library_execute(accept_drive.served, &call);
	served_library_execute(accept_drive.served, &call);
}

/* Flag 20, set before the run. */
START_TEST(cleaning_that_was_due_before_the_run_decides_nothing)
{
	const struct drive_fault fault = { .op = DRIVE_REWIND,
		.nth = 1,
		.once = true,
		.sense = { .key = RECOVERED, .ascq = 0x17 } };

	served_library_fault(accept_drive.served, 0, &fault);
	rewind_before();
	accept_drive_run_added(1);
	accept_drive_verdict_is("NOT DECIDED: cleaning is due");
	ck_assert_str_eq(accept_drive_fact("TapeAlert flags found"),
	    "20 (Cleaning required)");
	ck_assert_int_eq(test_of("20_write")->result, ACCEPTANCE_MET);
}
END_TEST

/* 00/17, without a flag. */
START_TEST(cleaning_that_sense_data_asks_for_decides_nothing)
{
	const struct served_sense cleaning = {
		.key = RECOVERED, .ascq = 0x17, .information = -1
	};

	served_port_check(accept_drive.ports[0], 0x0a, true, &cleaning);
	accept_drive_run_added(1);
	accept_drive_verdict_is("NOT DECIDED: cleaning is due");
	ck_assert_str_eq(accept_drive_fact("TapeAlert flags found"), "none");
}
END_TEST

START_TEST(a_write_protected_cartridge_decides_nothing)
{
	accept_drive_close();
	served_library_take(accept_drive.served, 0);
	served_library_protect(accept_drive.served, 0);
	served_library_load(accept_drive.served, 0, 0);
	accept_drive_open();
	accept_drive_run_added(1);
	accept_drive_verdict_is(
	    "NOT DECIDED: 10_label: the drive does not write on "
	    "cartridge VTA001L8, which is write-protected: ");
	ck_assert_ptr_nonnull(strstr(test_of("10_label")->why,
	    "; move the switch of the cartridge, or name another one"));
	ck_assert_uint_eq(accept_drive.record.faults_count, 0);
}
END_TEST

/* DATA PROTECT at a write, with TapeAlert flag 9. */
START_TEST(a_write_that_is_refused_by_protection_decides_nothing)
{
	fail_a_write(7, 0x27, false);
	accept_drive_run_added(1);
	accept_drive_verdict_is(
	    "NOT DECIDED: 20_write: the drive does not write on "
	    "cartridge VTA001L8, which is write-protected: ");
	ck_assert_str_eq(accept_drive.record.stopped, "");
}
END_TEST

/* What is in the drive: it does not fit, or the drive has no key. */
static const struct {
	enum drive_op op;
	uint64_t nth;
	uint8_t key, asc, ascq;
	const char *what, *advice;
} unusable[] = {
#define UNFIT  "the drive cannot use cartridge ", "; name one of a generation, "
#define NO_KEY "the drive has no key for cartridge ", "; give the drive the key"
	{ DRIVE_WRITE, 6, 5, 0x30, 0x05, UNFIT },
	{ DRIVE_WRITE, 6, 7, 0x30, 0x05, UNFIT },
	{ DRIVE_WRITE, 6, 2, 0x30, 0x00, UNFIT },
	{ DRIVE_READ, 12, 5, 0x30, 0x02, UNFIT },
	{ DRIVE_WRITE, 6, 7, 0x74, 0x02, NO_KEY },
	{ DRIVE_WRITE, 6, 5, 0x74, 0x00, NO_KEY },
	{ DRIVE_WRITE, 6, 2, 0x74, 0x6f, NO_KEY },
	{ DRIVE_READ, 12, 7, 0x74, 0x01, NO_KEY },
};

/*
 * Expected: the verdict is open, and says what to do, also after a second cartridge
 * of the kind.  Bug: NOT PASSED, or the cartridge was called write-protected, though
 * it was read.
 */
START_TEST(a_cartridge_that_the_drive_cannot_use_decides_nothing)
{
	enum { UNUSABLE = sizeof unusable / sizeof *unusable };
	const int row = _i % UNUSABLE;
	const size_t cartridges = 1 + (size_t)(_i / UNUSABLE);
	const struct drive_fault fault = { .op = unusable[row].op,
		.nth = unusable[row].nth,
		.sense = { .key = unusable[row].key,
		    .asc = unusable[row].asc,
		    .ascq = unusable[row].ascq } };

	served_library_fault(accept_drive.served, 0, &fault);
	accept_drive_run_added(cartridges);
	accept_drive_verdict_is("NOT DECIDED: 20_write: ");
	accept_drive_verdict_has(unusable[row].what);
	ck_assert_ptr_nonnull(strstr(test_of("20_write")->why,
	    unusable[row].advice));
	ck_assert_str_eq(accept_drive.record.stopped, "");
	ck_assert_uint_eq(accept_drive.record.faults_count, 0);
}
END_TEST

/* A cartridge that does not fit, one for cleaning, one that does not get ready. */
static const struct {
	uint8_t key, asc, ascq;
	const char *why;
} unready[] = {
	{ 2, 0x30, 0x03, "cleaning" },
	{ 2, 0x30, 0x00, "2/30/00" },
	{ 2, 0x04, 0x01, "2/04/01" },
	{ 3, 0x30, 0x02, "3/30/02" },
	{ 3, 0x53, 0x00, "3/53/00" },
};

/* TEST UNIT READY is answered so, by each cartridge. */
static void keep_unready(int i)
{
	const struct served_instead instead = { .opcode = 0x00,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, unready[i].key, 0, 0, 0, 0, 10, 0, 0, 0, 0,
		    unready[i].asc, unready[i].ascq },
		.sense_bytes = 18,
		.for_good = true };

	served_port_instead(accept_drive.ports[0], &instead);
}

START_TEST(a_cartridge_that_is_not_loaded_decides_nothing)
{
	keep_unready(_i);
	accept_drive_run_added(1);
	accept_drive_verdict_is(
	    "NOT DECIDED: 10_label: the drive does not load cartridge "
	    "VTA001L8: ");
	accept_drive_verdict_has(unready[_i].why);
	ck_assert_uint_eq(accept_drive.record.faults_count, 0);
}
END_TEST

/* Not even two of them. */
START_TEST(two_cartridges_that_are_not_loaded_decide_nothing)
{
	keep_unready(_i);
	accept_drive_run_added(2);
	accept_drive_verdict_is(
	    "NOT DECIDED: 10_label: the drive does not load cartridge "
	    "VTA001L8: ");
	accept_drive_verdict_has(
	    "; 10_label: the drive does not load cartridge VTA002L8: ");
	ck_assert_uint_eq(accept_drive.record.faults_count, 0);
}
END_TEST

int main(void)
{
	enum {
		UNREADY = sizeof unready / sizeof *unready,
		UNUSABLE = sizeof unusable / sizeof *unusable,
		OF_MEDIUM = sizeof of_medium / sizeof *of_medium
	};
	Suite *s = suite_create("accept_judged");
	TCase *tcase = tcase_create("accept_judged");

	tcase_add_checked_fixture(tcase, set_up, accept_drive_tear_down);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, a_medium_error_is_tried_on_a_second_cartridge);
	tcase_add_loop_test(tcase,
	    each_error_of_the_medium_is_tried_on_a_second_cartridge, 0,
	    OF_MEDIUM);
	tcase_add_loop_test(tcase,
	    an_error_of_the_medium_on_two_cartridges_is_a_fault, 0, OF_MEDIUM);
	tcase_add_test(tcase,
	    medium_errors_on_two_cartridges_are_a_fault_of_the_drive);
	tcase_add_test(tcase,
	    an_uncorrected_error_is_counted_though_it_decides_nothing);
	tcase_add_test(tcase,
	    a_medium_error_of_a_test_that_did_not_fail_is_one);
	tcase_add_test(tcase,
	    a_hardware_error_is_a_fault_and_its_test_has_rows);
	tcase_add_test(tcase, a_deferred_hardware_error_is_no_medium_error);
	tcase_add_loop_test(tcase, a_worn_cartridge_decides_nothing, 0, 2);
	tcase_add_test(tcase,
	    cleaning_that_was_due_before_the_run_decides_nothing);
	tcase_add_test(tcase,
	    cleaning_that_sense_data_asks_for_decides_nothing);
	tcase_add_test(tcase, a_write_protected_cartridge_decides_nothing);
	tcase_add_test(tcase,
	    a_write_that_is_refused_by_protection_decides_nothing);
	tcase_add_loop_test(tcase,
	    a_cartridge_that_the_drive_cannot_use_decides_nothing, 0,
	    2 * UNUSABLE);
	tcase_add_loop_test(tcase,
	    a_cartridge_that_is_not_loaded_decides_nothing, 0, UNREADY);
	tcase_add_loop_test(tcase,
	    two_cartridges_that_are_not_loaded_decide_nothing, 0, UNREADY);
	suite_add_tcase(s, tcase);
	return run_suite(s);
}

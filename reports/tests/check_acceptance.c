/* check_acceptance.c: the record of an acceptance run: verdict, file, paper. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/html/acceptance.h"
#include "reports/json/acceptance.h"
#include "reports/tests/report_scratch.h"
#include "splitter/tests/run_suite.h"

static char dir[SCRATCH_PATH_BYTES], err[512];
static struct acceptance a;

static void set_up(void)
{
	report_scratch_make(dir);
	memset(&a, 0, sizeof a);
	acceptance_set(&a.vendor, "IBM");
	acceptance_set(&a.product, "ULTRIUM-HH8");
	acceptance_set(&a.serial, "10WT0<1>");
	acceptance_set(&a.firmware, "N9M1");
	a.seed = 7;
}

static void tear_down(void)
{
	acceptance_clear(&a);
	report_scratch_remove(dir);
}

static struct acceptance_test *add_test(const char *name,
    enum acceptance_state state, enum acceptance_judgement result)
{
	struct acceptance_test *t = acceptance_add_test(&a, name, name);

	t->state = state;
	t->result = result;
	return t;
}

static void verdict_is(const char *expected)
{
	char *line = acceptance_verdict_line(&a);

	ck_assert_str_eq(line, expected);
	free(line);
}

START_TEST(a_run_without_tests_decides_nothing)
{
	ck_assert_int_eq(acceptance_judge(&a), ACCEPTANCE_NOT_DECIDED);
	verdict_is("NOT DECIDED: no test was run");
}
END_TEST

START_TEST(a_drive_passes_if_all_tests_were_done_without_a_fault)
{
	add_test("facts", ACCEPTANCE_TEST_DONE, ACCEPTANCE_MET);
	verdict_is("PASSED");
	add_test("ends", ACCEPTANCE_TEST_PENDING, ACCEPTANCE_MET);
	add_test("unload", ACCEPTANCE_TEST_LEFT_OUT, ACCEPTANCE_MET);
	verdict_is("NOT DECIDED: 2 of 3 tests were not run");
}
END_TEST

START_TEST(a_fault_outweighs_a_doubt)
{
	add_test("facts", ACCEPTANCE_TEST_DONE, ACCEPTANCE_MET);
	acceptance_add_doubt(&a, "cleaning is due");
	verdict_is("NOT DECIDED: cleaning is due");
	acceptance_add_fault(&a, "write rate 100 MB/s");
	acceptance_add_fault(&a, "write rate 100 MB/s");
	ck_assert_uint_eq(a.faults_count, 1);
	ck_assert_int_eq(acceptance_judge(&a), ACCEPTANCE_NOT_PASSED);
	verdict_is("NOT PASSED: write rate 100 MB/s; cleaning is due");
}
END_TEST

START_TEST(the_verdict_of_a_virtual_drive_says_so_first)
{
	acceptance_set(&a.virtual_drive, "mhvtl");
	add_test("facts", ACCEPTANCE_TEST_DONE, ACCEPTANCE_MET);
	verdict_is("VIRTUAL DRIVE: PASSED");
	acceptance_add_fault(&a, "x");
	verdict_is("VIRTUAL DRIVE: NOT PASSED: x");
}
END_TEST

START_TEST(a_run_that_was_stopped_says_why)
{
	add_test("facts", ACCEPTANCE_TEST_DONE, ACCEPTANCE_MET);
	add_test("ends", ACCEPTANCE_TEST_PENDING, ACCEPTANCE_MET);
	acceptance_set(&a.stopped, "hardware error");
	acceptance_add_fault(&a, "4/44/00");
	verdict_is("NOT PASSED: 4/44/00; 1 of 2 tests were not run; stopped: "
		   "hardware error");
}
END_TEST

/* Fills in the record with many of everything. */
static void fill(size_t rows)
{
	struct acceptance_cartridge *c = acceptance_add_cartridge(&a, "A1L8");
	struct acceptance_test *t =
	    add_test("facts", ACCEPTANCE_TEST_DONE, ACCEPTANCE_NOT_MET);
	struct acceptance_row *r;
	char what[32];

	acceptance_set(&c->serial, "MED1");
	acceptance_set(&c->change, "00000007");
	c->labelled = true;
	t->bytes = 5000000000;
	t->ns = 17500000000;
	t->second = true;
	t->attempts = 3;
	acceptance_set(&t->why, "too slow");
	add_test("later", ACCEPTANCE_TEST_RUNNING, ACCEPTANCE_NOT_JUDGED);
	acceptance_add_fact(&a, ACCEPTANCE_OF_CARTRIDGE, "Loads", "12");
	acceptance_add_fact(&a, ACCEPTANCE_OF_DRIVE, "Link <speed>", "");
	acceptance_add_doubt(&a, "the source is slow");
	for (size_t i = 0; i < rows; i++) {
		snprintf(what, sizeof what, "value %zu", i);
		r = acceptance_add_row(&a, i % 2 == 0 ? "facts" : "later", what,
		    "1 MB/s");
		acceptance_set(&r->limit, ">= 2 MB/s");
		acceptance_set(&r->source, "profile lto8");
		r->judgement = ACCEPTANCE_NOT_MET;
	}
}

START_TEST(the_file_is_read_as_it_was_written)
{
	struct acceptance b;
	size_t bytes;
	char *first, *second;

	fill(3);
	acceptance_set(&a.rows[2].earlier, "11.0; -");
	acceptance_add_difference(&a, "facts", "Data sets written")->value = 9;
	ck_assert_int_eq(report_acceptance_write(&a, dir, err, sizeof err), 0);
	first = report_scratch_read(dir, "acceptance.json", &bytes);
	ck_assert_int_eq(report_acceptance_read(dir, &b, err, sizeof err), 0);
	ck_assert_uint_eq(b.tests_count, 2);
	ck_assert_int_eq(b.tests[1].state, ACCEPTANCE_TEST_RUNNING);
	ck_assert_int_eq(b.tests[0].ns, 17500000000);
	ck_assert_uint_eq(b.tests[0].attempts, 3);
	ck_assert(b.tests[0].second && b.cartridges[0].labelled);
	ck_assert_str_eq(b.cartridges[0].change, "00000007");
	ck_assert_int_eq(b.rows[2].judgement, ACCEPTANCE_NOT_MET);
	ck_assert_str_eq(b.rows[2].earlier, "11.0; -");
	ck_assert_uint_eq(b.differences_count, 1);
	ck_assert_str_eq(b.differences[0].name, "Data sets written");
	ck_assert_uint_eq(b.differences[0].value, 9);
	ck_assert_int_eq(report_acceptance_write(&b, dir, err, sizeof err), 0);
	second = report_scratch_read(dir, "acceptance.json", &bytes);
	ck_assert_str_eq(first, second);
	acceptance_clear(&b);
	free(first);
	free(second);
}
END_TEST

START_TEST(a_missing_file_is_no_error_and_a_damaged_one_is)
{
	struct acceptance b;

	ck_assert_int_eq(report_acceptance_read(dir, &b, err, sizeof err), 1);
	report_scratch_write(dir, "acceptance.json", "{\"format\": 2}");
	ck_assert_int_eq(report_acceptance_read(dir, &b, err, sizeof err), -1);
	ck_assert_ptr_nonnull(strstr(err, "damaged: .verdict is missing"));
	ck_assert_ptr_nonnull(strstr(err, "begin again"));
	report_scratch_write(dir, "acceptance.json", "{\"format\": \"2\"}");
	ck_assert_int_eq(report_acceptance_read(dir, &b, err, sizeof err), -1);
	ck_assert_ptr_nonnull(strstr(err, "damaged: .format"));
}
END_TEST

START_TEST(a_file_of_another_version_is_not_damaged)
{
	static const char *const says[] = {
		"it is of an older tapelab, with format 1, and this one reads "
		"format 2; to begin again, name another folder with --out, or "
		"move the file away",
		"it is of a newer tapelab, with format 3, and this one reads "
		"format 2",
	};
	struct acceptance b;

	report_scratch_write(dir, "acceptance.json",
	    _i == 0 ? "{\"format\": 1}" : "{\"format\": 3}");
	ck_assert_int_eq(report_acceptance_read(dir, &b, err, sizeof err), -1);
	ck_assert_msg(strstr(err, says[_i]) != NULL, "%s", err);
	ck_assert_ptr_null(strstr(err, "damaged"));
}
END_TEST

START_TEST(rows_of_a_test_that_is_run_again_are_removed)
{
	fill(5);
	acceptance_add_difference(&a, "facts", "Total errors corrected");
	acceptance_add_difference(&a, "rates", "Data sets written");
	acceptance_remove_rows(&a, "facts");
	ck_assert_uint_eq(a.rows_count, 2);
	ck_assert_uint_eq(a.differences_count, 1);
	ck_assert_str_eq(a.differences[0].name, "Data sets written");
	ck_assert_str_eq(a.rows[1].what, "value 3");
}
END_TEST

/* Returns how often a text is in the page. */
static size_t count(const char *text)
{
	size_t bytes, n = 0;
	char *page = report_scratch_read(dir, "acceptance.html", &bytes);

	for (const char *at = page; (at = strstr(at, text)) != NULL; at++)
		n++;
	free(page);
	return n;
}

START_TEST(each_sheet_has_the_serial_number_and_its_own)
{
	fill(20);
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(count("Drive serial number 10WT0&lt;1&gt;"), 2);
	ck_assert_uint_eq(count("Page 1 of 2"), 1);
	ck_assert_uint_eq(count("Page 2 of 2"), 1);
	ck_assert_uint_eq(count("Signature"), 1);
	ck_assert_uint_eq(count("value 19"), 1);
	ck_assert_uint_eq(count("<script"), 0);
	ck_assert_uint_eq(count("Link &lt;speed&gt;"), 1);
	ck_assert_uint_eq(count("not known"), 1);
}
END_TEST

START_TEST(a_test_that_was_interrupted_says_so)
{
	fill(1);
	a.tests[0].second = false;
	a.tests[0].attempts = 1;
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(count("interruption"), 0);
	a.tests[0].attempts = 2;
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(count("(begun again after an interruption)"), 1);
	/* Once on each cartridge. */
	a.tests[0].second = true;
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(count("interruption"), 0);
}
END_TEST

START_TEST(an_option_of_the_command_is_not_broken)
{
	acceptance_add_fact(&a, ACCEPTANCE_OF_HOST, "Command",
	    "tapelab run --second-device <x>");
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(
	    count("<b>tapelab run <i>--second-device</i> &lt;x&gt;</b>"), 1);
}
END_TEST

START_TEST(many_values_take_more_sheets_and_lose_none)
{
	char text[16];

	fill(100);
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(count("Page 4 of 4"), 1);
	ck_assert_uint_eq(count("Drive serial number"), 4);
	for (int i = 0; i < 100; i++) {
		snprintf(text, sizeof text, ">value %d<", i);
		ck_assert_uint_eq(count(text), 1);
	}
}
END_TEST

/* A sheet ends where its lines do, and not after a number of values. */
START_TEST(values_of_many_earlier_runs_take_more_sheets)
{
	char earlier[401];

	memset(earlier, '1', sizeof earlier - 1);
	earlier[sizeof earlier - 1] = '\0';
	fill(30);
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(count("Page 2 of 2"), 1);
	for (size_t i = 0; i < 3; i++)
		acceptance_set(&a.rows[i].earlier, earlier);
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(count("Page 3 of 3"), 1);
	ck_assert_uint_eq(count(">value 29<"), 1);
}
END_TEST

START_TEST(a_value_that_two_tests_measured_is_told_apart)
{
	fill(1);
	acceptance_add_row(&a, "50_rate", "Write rate", "300 MB/s");
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(count(">Write rate<"), 1);
	acceptance_add_row(&a, "90_second_drive", "Write rate", "301 MB/s");
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(count(">Write rate<"), 0);
	ck_assert_uint_eq(count(">Write rate (50_rate)<"), 1);
	ck_assert_uint_eq(count(">Write rate (90_second_drive)<"), 1);
}
END_TEST

START_TEST(corrected_errors_of_a_test_are_next_to_it)
{
	struct acceptance_difference *d;

	fill(1);
	d = acceptance_add_difference(&a, a.tests[0].name,
	    "Total errors corrected");
	d->page = 0x03;
	d->code = 0x0003;
	d->value = 17;
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(count(">-, 17<"), 1);
}
END_TEST

START_TEST(a_verdict_of_many_reasons_fits_on_the_sheet)
{
	char text[64];

	fill(1);
	for (int i = 0; i < 100; i++) {
		snprintf(text, sizeof text, "fault %d of the drive", i);
		acceptance_add_fault(&a, text);
	}
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(count("; fault 30 of the drive; "), 1);
	ck_assert_uint_eq(count("fault 99 of the drive"), 0);
	ck_assert_uint_eq(count(" of the drive; more in acceptance.json<"), 1);
}
END_TEST

START_TEST(the_checksum_of_the_evidence_is_on_the_paper)
{
	fill(1);
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(count("SHA-256"), 0);
	acceptance_set(&a.evidence, "evidence.json");
	acceptance_set(&a.sha256, "00ff00ff");
	ck_assert_int_eq(report_html_acceptance(&a, dir, err, sizeof err), 0);
	ck_assert_uint_eq(count("00ff00ff"), 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("acceptance");
	TCase *tcase = tcase_create("acceptance");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, a_run_without_tests_decides_nothing);
	tcase_add_test(tcase,
	    a_drive_passes_if_all_tests_were_done_without_a_fault);
	tcase_add_test(tcase, a_fault_outweighs_a_doubt);
	tcase_add_test(tcase, the_verdict_of_a_virtual_drive_says_so_first);
	tcase_add_test(tcase, a_run_that_was_stopped_says_why);
	tcase_add_test(tcase, the_file_is_read_as_it_was_written);
	tcase_add_test(tcase, a_missing_file_is_no_error_and_a_damaged_one_is);
	tcase_add_loop_test(tcase, a_file_of_another_version_is_not_damaged, 0,
	    2);
	tcase_add_test(tcase, rows_of_a_test_that_is_run_again_are_removed);
	tcase_add_test(tcase, each_sheet_has_the_serial_number_and_its_own);
	tcase_add_test(tcase, a_test_that_was_interrupted_says_so);
	tcase_add_test(tcase, an_option_of_the_command_is_not_broken);
	tcase_add_test(tcase, many_values_take_more_sheets_and_lose_none);
	tcase_add_test(tcase, values_of_many_earlier_runs_take_more_sheets);
	tcase_add_test(tcase, a_verdict_of_many_reasons_fits_on_the_sheet);
	tcase_add_test(tcase, a_value_that_two_tests_measured_is_told_apart);
	tcase_add_test(tcase, corrected_errors_of_a_test_are_next_to_it);
	tcase_add_test(tcase, the_checksum_of_the_evidence_is_on_the_paper);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}

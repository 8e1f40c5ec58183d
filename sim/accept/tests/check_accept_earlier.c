/*
 * check_accept_earlier.c: acceptance runs that are compared with earlier ones of
 * the same drive.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "reports/json/acceptance.h"
#include "reports/output.h"
#include "reports/tests/report_scratch.h"
#include "sim/accept/earlier.h"
#include "sim/accept/tests/accept_rig.h"

enum { RUNS = 4 };

static char folders[RUNS][SCRATCH_PATH_BYTES + 16];
static const char *names[RUNS];
static const char corrected[] = "Corrected write errors per TB, VTA001L8";

/* Writes an earlier run of the drive, which a test changes. */
static void write_run(unsigned n, void (*change)(struct acceptance *a))
{
	struct acceptance a = { .seed = 1 };
	char began[21];

	snprintf(folders[n], sizeof folders[n], "%s/run%u", accept_rig.dir, n);
	names[n] = folders[n];
	snprintf(began, sizeof began, "2025-0%u-01T00:00:00Z", n + 1);
	acceptance_set(&a.vendor, "FAKE");
	acceptance_set(&a.product, "DRIVE");
	acceptance_set(&a.serial, "FAKE0001");
	acceptance_set(&a.firmware, "0.9");
	acceptance_set(&a.kind, "quick");
	acceptance_set(&a.began, began);
	acceptance_set(&a.ended, began);
	acceptance_set(&a.sha256, "00ff00ff");
	acceptance_add_cartridge(&a, "VTA001L8");
	acceptance_add_row(&a, "", corrected, n == 0 ? "11.0" : "12.0");
	acceptance_add_row(&a, "30_third", "Write rate",
	    n == 0 ? "301 MB/s" : "302 MB/s");
	if (change != NULL)
		change(&a);
	ck_assert_int_eq(report_output_folder(folders[n], accept_rig.err,
			     sizeof accept_rig.err),
	    0);
	ck_assert_int_eq(report_acceptance_write(&a, folders[n], accept_rig.err,
			     sizeof accept_rig.err),
	    0);
	acceptance_clear(&a);
}

/* Runs the three tests, and compares with this number of runs. */
static enum accept_end compare(size_t count)
{
	accept_rig_add_three();
	accept_rig.fake.corrected = 5;
	accept_rig.config.earlier = names;
	accept_rig.config.earlier_count = count;
	return accept_rig_run();
}

static void is_refused(size_t count, const char *why)
{
	ck_assert_int_eq(compare(count), ACCEPT_REFUSED);
	ck_assert_msg(strstr(accept_rig.err, why) != NULL, "%s",
	    accept_rig.err);
	ck_assert_uint_eq(accept_rig.fake.opens, 0);
}

START_TEST(values_of_earlier_runs_are_next_to_those_of_this_one)
{
	const struct acceptance_row *row;

	write_run(0, NULL);
	write_run(1, NULL);
	ck_assert_msg(compare(2) == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("PASSED");
	row = accept_rig_row(corrected);
	ck_assert_str_eq(row->earlier, "12.0; 11.0");
	ck_assert_int_eq(row->judgement, ACCEPTANCE_NOT_JUDGED);
	ck_assert_str_eq(accept_rig_row("Write rate")->earlier,
	    "302 MB/s; 301 MB/s");
	/* No earlier run has it. */
	ck_assert_str_eq(accept_rig_row("Source, without a tape")->earlier, "");
	ck_assert(report_scratch_has(accept_rig.out, "acceptance.html",
	    ">Earlier runs</th>"));
	ck_assert(report_scratch_has(accept_rig.out, "acceptance.html",
	    ">12.0; 11.0<"));
	ck_assert(report_scratch_has(accept_rig.out, "acceptance.html",
	    "2025-02-01T00:00:00Z, quick, firmware 0.9; "
	    "2025-01-01T00:00:00Z, quick"));
	ck_assert(report_scratch_has(accept_rig.out, "evidence.json",
	    "SHA-256 of its evidence: 00ff00ff"));
	ck_assert(report_scratch_has(accept_rig.out, "evidence.json",
	    "\"text\": \"12.0; 11.0\""));
}
END_TEST

static void measure_twice(struct acceptance *a)
{
	acceptance_add_row(a, "30_third", "Write rate", "150 MB/s");
}

/* Expected: the value of the same place.  Bug: that of the first one, twice. */
START_TEST(a_value_that_a_test_measures_twice_is_that_of_its_place)
{
	static const char twice[] =
	    "title: Rates\nacceptance: {kind: quick}\n" LIBRARY(
		1) "steps:\n"
		   "- {step: label}\n"
		   "- {step: measure, what: rate, volume: 1, size: 1 MiB}\n"
		   "- {step: measure, what: rate, volume: 1, size: 2 MiB}\n";
	const char *seen[2] = { "", "" };
	unsigned count = 0;

	write_run(0, measure_twice);
	write_run(1, NULL);
	accept_rig_add_three();
	accept_rig_add("30_third.yaml", twice);
	accept_rig.config.earlier = names;
	accept_rig.config.earlier_count = 2;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	for (size_t i = 0; i < accept_rig.record.rows_count && count < 2; i++)
		if (strcmp(accept_rig.record.rows[i].what, "Write rate") == 0)
			seen[count++] = accept_rig.record.rows[i].earlier;
	ck_assert_str_eq(seen[0], "302 MB/s; 301 MB/s");
	ck_assert_str_eq(seen[1], "-; 150 MB/s");
}
END_TEST

static void use_others(struct acceptance *a)
{
	acceptance_set(&a->cartridges[0].name, "OLD001L8");
	acceptance_add_cartridge(a, "OLD002L8");
	acceptance_set(&a->rows[0].what,
	    "Corrected write errors per TB, OLD001L8");
	acceptance_add_row(a, "", "Corrected write errors per TB, OLD002L8",
	    "13.0");
	acceptance_set(&a->rows[1].test, "90_second_drive");
}

START_TEST(values_of_other_cartridges_are_named)
{
	write_run(0, NULL);
	write_run(1, use_others);
	ck_assert_msg(compare(2) == ACCEPT_ENDED, "%s", accept_rig.err);
	ck_assert_str_eq(accept_rig_row(corrected)->earlier,
	    "12.0 (OLD001L8), 13.0 (OLD002L8); 11.0");
	/* Another test measured it. */
	ck_assert_str_eq(accept_rig_row("Write rate")->earlier, "-; 301 MB/s");
}
END_TEST

static void use_many(struct acceptance *a)
{
	char name[16], what[64];

	acceptance_set(&a->cartridges[0].name, "OLD000L8");
	for (unsigned i = 1; i <= 20; i++) {
		snprintf(name, sizeof name, "OLD%03uL8", i);
		snprintf(what, sizeof what, "Corrected write errors per TB, %s",
		    name);
		acceptance_add_cartridge(a, name);
		acceptance_add_row(a, "", what, "13.5");
	}
	acceptance_set(&a->rows[0].what, "of another");
}

/* Expected: all of them.  Bug: 255 characters. */
START_TEST(values_of_many_cartridges_are_not_cut)
{
	const char *last;

	write_run(0, use_many);
	ck_assert_msg(compare(1) == ACCEPT_ENDED, "%s", accept_rig.err);
	last = strstr(accept_rig_row(corrected)->earlier, "OLD020L8)");
	ck_assert_ptr_nonnull(last);
	ck_assert_str_eq(last, "OLD020L8)");
}
END_TEST

START_TEST(without_earlier_runs_the_paper_has_no_column_for_them)
{
	ck_assert_msg(compare(0) == ACCEPT_ENDED, "%s", accept_rig.err);
	ck_assert(!report_scratch_has(accept_rig.out, "acceptance.html",
	    "Earlier runs"));
}
END_TEST

static void be_of_another_drive(struct acceptance *a)
{
	acceptance_set(&a->serial, "FAKE0002");
}

/* Serial numbers are those of a maker, and of one product. */
static void be_of_another_maker(struct acceptance *a)
{
	acceptance_set(&a->vendor, "OTHER");
}

static void be_of_another_product(struct acceptance *a)
{
	acceptance_set(&a->product, "ROBOT");
}

static void be_unfinished(struct acceptance *a)
{
	acceptance_set(&a->ended, "");
}

START_TEST(a_run_that_cannot_be_compared_is_refused)
{
	static const struct {
		void (*change)(struct acceptance *a);
		const char *why;
	} runs[] = {
		{ be_of_another_drive,
		    "of the drive FAKE DRIVE, serial number FAKE0002; this is "
		    "FAKE DRIVE, FAKE0001" },
		{ be_of_another_maker, "of the drive OTHER DRIVE" },
		{ be_of_another_product, "of the drive FAKE ROBOT" },
		{ be_unfinished, "the run in it has not ended" },
	};

	write_run(0, runs[_i].change);
	is_refused(1, runs[_i].why);
}
END_TEST

START_TEST(a_folder_without_a_run_is_refused)
{
	names[0] = accept_rig.tests;
	is_refused(1, "no acceptance.json");
	report_scratch_write(accept_rig.tests, "acceptance.json", "{}");
	is_refused(1, "damaged");
	/* Not to move the record of that run away. */
	is_refused(1, "name another run, or remove --compare");
}
END_TEST

START_TEST(a_drive_without_a_serial_number_is_not_compared)
{
	write_run(0, be_of_another_drive);
	accept_rig.fake.serial = "";
	is_refused(1, "the drive reports no serial number");
}
END_TEST

START_TEST(too_many_runs_and_the_same_twice_are_refused)
{
	for (unsigned i = 0; i < RUNS; i++)
		write_run(i, NULL);
	is_refused(RUNS, "room for 3 earlier runs, and 4 were named");
	names[1] = names[0];
	is_refused(2, "was named before");
}
END_TEST

int main(void)
{
	TCase *tcase = accept_rig_case("accept_earlier");

	tcase_add_test(tcase,
	    values_of_earlier_runs_are_next_to_those_of_this_one);
	tcase_add_test(tcase, values_of_other_cartridges_are_named);
	tcase_add_test(tcase, values_of_many_cartridges_are_not_cut);
	tcase_add_test(tcase,
	    a_value_that_a_test_measures_twice_is_that_of_its_place);
	tcase_add_test(tcase,
	    without_earlier_runs_the_paper_has_no_column_for_them);
	tcase_add_loop_test(tcase, a_run_that_cannot_be_compared_is_refused, 0,
	    4);
	tcase_add_test(tcase, a_folder_without_a_run_is_refused);
	tcase_add_test(tcase, a_drive_without_a_serial_number_is_not_compared);
	tcase_add_test(tcase, too_many_runs_and_the_same_twice_are_refused);
	return accept_rig_run_case(tcase);
}

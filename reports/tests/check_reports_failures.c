/*
 * check_reports_failures.c: reports if a file or tool is missing, broken or
 * full.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "reports/write/write.h"
#include "reports/tests/samples.h"
#include "reports/tests/report_scratch.h"
#include "splitter/tests/run_suite.h"

static char dir[SCRATCH_PATH_BYTES];
static char err[1024];
static struct results results;

static void setup(void)
{
	report_scratch_make(dir);
	results = (struct results){ 0 };
	*err = '\0';
}

static void teardown(void)
{
	results_free(&results);
	report_scratch_remove(dir);
}

static void must_write(void)
{
	int status = report_write(&results, dir, err, sizeof(err));

	ck_assert_msg(status == 0, "%s", err);
	ck_assert_uint_eq(report_scratch_count(dir, ".new"), 0);
}

static bool has(const char *name, const char *text)
{
	return report_scratch_has(dir, name, text);
}

START_TEST(without_gnuplot_only_the_plots_are_missing)
{
	char empty[SCRATCH_PATH_BYTES + 8];

	snprintf(empty, sizeof(empty), "%s/empty", dir);
	ck_assert_int_eq(mkdir(empty, 0777), 0);
	setenv("PATH", empty, 1);
	sample_add(&results, sample_four_volumes("four"));
	must_write();
	report_scratch_write(dir, "four/throughput.svg", "of an earlier run");
	must_write();
	ck_assert(!report_scratch_exists(dir, "four/throughput.svg"));
	ck_assert(report_scratch_exists(dir, "four/throughput.tsv"));
	ck_assert(report_scratch_exists(dir, "four/throughput.gp"));
	ck_assert(has("report.md", "gnuplot is not installed"));
	ck_assert(has("report.md", "apt-get install gnuplot-nox"));
	ck_assert(has("index.html", "gnuplot is not installed"));
	ck_assert(has("index.html", "<code>gnuplot throughput.gp</code>"));
	ck_assert(!has("index.html", "<img"));
}
END_TEST

static const struct {
	const char *script, *why;
} broken_gnuplots[] = {
	{ "#!/bin/sh\necho '   line 1: <no> such terminal' >&2\nexit 1\n",
	    "gnuplot failed: line 1: &lt;no&gt; such terminal" },
	{ "#!/bin/sh\necho '<svg>' >throughput.svg.new\n", "gnuplot failed" },
	{ "#!/bin/sh\necho '<svg></svg> ....' >throughput.svg.new\nkill $$\n",
	    "gnuplot failed" },
	{ "#!/nonexistent/sh\n", "gnuplot" }
};

START_TEST(a_gnuplot_that_fails_leaves_no_plot)
{
	sample_add(&results, sample_four_volumes("four"));
	report_scratch_write(dir, "gnuplot", broken_gnuplots[_i].script);
	setenv("PATH", dir, 1);
	must_write();
	report_scratch_write(dir, "four/throughput.svg", "of an earlier run");
	must_write();
	ck_assert(!report_scratch_exists(dir, "four/throughput.svg"));
	ck_assert(has("index.html", broken_gnuplots[_i].why));
}
END_TEST

static const char *const bad_names[] = { "", "/etc", "..", "a/../../b", "a/",
	"a//b", "./a" };

START_TEST(a_name_outside_of_the_folder_is_refused)
{
	sample_add(&results, sample_empty(bad_names[_i]));
	ck_assert_int_eq(report_write(&results, dir, err, sizeof(err)), -1);
	ck_assert_ptr_nonnull(strstr(err, "not a path below"));
	ck_assert(!report_scratch_exists(dir, "results.json"));
}
END_TEST

START_TEST(two_scenarios_with_one_name_are_refused)
{
	sample_add(&results, sample_empty("a"));
	sample_add(&results, sample_empty("a"));
	ck_assert_int_eq(report_write(&results, dir, err, sizeof(err)), -1);
	ck_assert_ptr_nonnull(strstr(err, "two scenarios have the name \"a\""));
}
END_TEST

START_TEST(a_folder_that_cannot_be_created_is_named)
{
	char below[SCRATCH_PATH_BYTES + 32];

	report_scratch_write(dir, "file", "");
	sample_add(&results, sample_empty("a"));
	snprintf(below, sizeof(below), "%s/file/out", dir);
	ck_assert_int_eq(report_write(&results, below, err, sizeof(err)), -1);
	ck_assert_ptr_nonnull(strstr(err, "cannot make the folder"));
	ck_assert_ptr_nonnull(strstr(err, "/file"));
	snprintf(below, sizeof(below), "%s/new/folders", dir);
	ck_assert_int_eq(report_write(&results, below, err, sizeof(err)), 0);
	ck_assert(report_scratch_exists(below, "a/attempts.tsv"));
}
END_TEST

START_TEST(a_full_disk_keeps_the_older_files)
{
	struct rlimit limit = { .rlim_cur = 64, .rlim_max = RLIM_INFINITY };
	struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	char *before, *after;

	sample_add(&results, sample_four_volumes("four"));
	must_write();
	before = report_scratch_read(dir, "results.json", NULL);
	results.scenarios[0]->seed = 2;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	ck_assert_int_eq(report_write(&results, dir, err, sizeof(err)), -1);
	setrlimit(RLIMIT_FSIZE, &none);
	ck_assert_ptr_nonnull(strstr(err, "results.json: File too large"));
	after = report_scratch_read(dir, "results.json", NULL);
	ck_assert_str_eq(before, after);
	ck_assert_uint_eq(report_scratch_count(dir, ".new"), 0);
	free(before);
	free(after);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

int main(void)
{
	Suite *suite = suite_create("reports: failures");
	TCase *tcase = tcase_create("reports: failures");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, without_gnuplot_only_the_plots_are_missing);
	tcase_add_loop_test(tcase, a_gnuplot_that_fails_leaves_no_plot, 0,
	    ROWS(broken_gnuplots));
	tcase_add_loop_test(tcase, a_name_outside_of_the_folder_is_refused, 0,
	    ROWS(bad_names));
	tcase_add_test(tcase, two_scenarios_with_one_name_are_refused);
	tcase_add_test(tcase, a_folder_that_cannot_be_created_is_named);
	tcase_add_test(tcase, a_full_disk_keeps_the_older_files);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}

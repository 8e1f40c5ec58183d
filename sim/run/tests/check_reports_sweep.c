/*
 * check_reports_sweep.c: each call fails in turn while reports are written.
 *
 * For each, all reports are written, or there is a message; each file is as
 * without failures, or as it was before, or missing.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reports/write/write.h"
#include "reports/tests/report_scratch.h"
#include "reports/tests/samples.h"
#include "sim/tests/failing_libraries.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/failing/sweep.h"

static const char before[] = "{\n  \"format\": 1, as an earlier run left it\n";

static const struct file {
	const char *name;
	bool plot; /* the plot may be another one because gnuplot failed */
} files[] = {
	{ "results.json", false },
	{ "report.md", true },
	{ "index.html", true },
	{ "junit.xml", false },
	{ "results.tap", false },
	{ "annotations.txt", false },
	{ "summary.md", false },
	{ "four/attempts.tsv", false },
	{ "four/throughput.tsv", false },
	{ "four/throughput.gp", false },
	{ "four/throughput.svg", true },
};

enum { FILES = sizeof files / sizeof *files };

static char tools[SCRATCH_PATH_BYTES]; /* folder of gnuplot */
static char *want[FILES]; /* contents of the files if no call fails */
static struct results results;

/* A program in place of gnuplot that draws at once. */
static const char gnuplot[] =
    "#!/bin/sh\n"
    "echo '<svg><!-- a plot --></svg>' >throughput.svg.new\n";

static void setup(void)
{
	failing_libraries();
	report_scratch_make(tools);
	report_scratch_write(tools, "gnuplot", gnuplot);
	setenv("PATH", tools, 1);
	sample_add(&results, sample_four_volumes("four"));
	sample_add(&results, sample_instant("instant"));
	results.scenarios[1]->status = RESULTS_SKIPPED;
}

static void teardown(void)
{
	int i;

	for (i = 0; i < FILES; i++)
		free(want[i]);
	results_free(&results);
	report_scratch_remove(tools);
}

static const char *out(void)
{
	static char path[SCRATCH_PATH_BYTES];

	snprintf(path, sizeof path, "%s/out", sweep_folder());
	return path;
}

/*
 * Returns whether the report gives the reason for the missing plot or links to
 * it, and otherwise ends like the report with a plot.
 */
static bool without_plot(const char *text, const char *with)
{
	size_t n = strlen(text), m = strlen(with), tail = 40;

	return (strstr(text, "gnuplot") != NULL ||
		   strstr(text, "src=\"four/throughput.svg\"") != NULL) &&
	    n > tail && m > tail &&
	    strcmp(text + n - tail, with + m - tail) == 0;
}

/*
 * Returns whether the file is complete: the new file or, if allowed, the old
 * one.
 */
static bool file_good(int i, bool may_be_old, bool may_be_gone)
{
	char *text = report_scratch_read(out(), files[i].name, NULL);
	bool good;

	if (text == NULL)
		return may_be_gone;
	good = strcmp(text, want[i]) == 0 ||
	    (may_be_old && strcmp(text, before) == 0) ||
	    (files[i].plot && without_plot(text, want[i]));
	free(text);
	return good;
}

/* Prepares the files of an earlier run. */
static void prepare(bool old)
{
	char path[SCRATCH_PATH_BYTES + 8];
	int i;

	mkdir(out(), 0777);
	snprintf(path, sizeof path, "%s/four", out());
	mkdir(path, 0777);
	for (i = 0; old && i < FILES; i++)
		report_scratch_write(out(), files[i].name, before);
}

static void write_them(void *arg, struct sweep_run *run)
{
	bool old = *(const bool *)arg;
	char err[512] = "";
	int status, i;

	if (old)
		prepare(old);
	status = report_prepare(out(), err, sizeof err);
	if (status == 0)
		status =
		    report_prepare_scenario(out(), "four", err, sizeof err);
	if (status == 0)
		status = report_write(&results, out(), err, sizeof err);
	failing_end();
	run->reported = status != 0;
	if (run->nth == 0)
		for (i = 0; i < FILES; i++) {
			free(want[i]);
			want[i] =
			    report_scratch_read(out(), files[i].name, NULL);
			ck_assert_ptr_nonnull(want[i]);
		}
	snprintf(run->message, sizeof run->message, "%s", err);
	if (report_scratch_count(out(), ".new") > 0)
		strcpy(run->wrong, "a temporary file is left");
	for (i = 0; i < FILES; i++)
		if (!file_good(i, old && status != 0,
			status != 0 || files[i].plot))
			snprintf(run->wrong, sizeof run->wrong,
			    "%s is not whole", files[i].name);
	report_scratch_remove(out());
}

START_TEST(no_failing_call_leaves_a_partial_report)
{
	bool old = _i == 1;
	const struct sweep s = {
		.name = old ? "reports over older ones" : "new reports",
		.body = write_them,
		.arg = &old,
		.reported_min = 100,
	};

	sweep(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reports_sweep");
	TCase *tc = tcase_create("reports");

	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, no_failing_call_leaves_a_partial_report, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

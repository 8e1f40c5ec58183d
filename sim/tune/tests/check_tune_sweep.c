/*
 * check_tune_sweep.c: each call fails in turn while a sweep is planned, its
 * records are kept, and its answer is written.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/tests/report_scratch.h"
#include "sim/tests/failing_libraries.h"
#include "sim/tune/answer/answer.h"
#include "sim/tune/answer/files.h"
#include "splitter/base/signals.h"
#include "splitter/tests/failing/sweep.h"
#include "splitter/tests/run_suite.h"

static const char text[] =
    "title: t\n"
    "library: {drives: [lto8], volumes: {count: 1, capacity: 1 TB}}\n"
    "dump: {size: 20 MB, rate: 90..250 MB/s}\n";

static char scratch[SCRATCH_PATH_BYTES];
static char path[SCRATCH_PATH_BYTES + 16];
static struct tune_request request;

static char *line; /* of a record */

/* Records of all runs that an answer needs. */
static struct tune_records all;

static void keep(void *arg, const char *message)
{
	char *first = arg;

	if (*first == '\0')
		snprintf(first, SWEEP_WRONG_BYTES, "%s", message);
}

static void run_all(void)
{
	struct tune_plan plan;
	char err[512] = "";

	ck_assert_int_eq(tune_plan_make(&request, &plan, keep, err), 0);
	plan.study.jobs = 2;
	ck_assert_int_eq(signals_begin_parent(), 0);
	ck_assert_int_eq(tune_study_sweep(&plan.study, err, sizeof err),
	    TUNE_COMPLETE);
	ck_assert_int_eq(tune_study_conclude(&plan.study, err, sizeof err),
	    TUNE_COMPLETE);
	all = plan.study.records;
	plan.study.records = (struct tune_records){ .root = NULL };
	tune_plan_clear(&plan);
}

static void setup(void)
{
	const struct tune_record record = { .task = { .seed = 7 } };

	line = tune_record_line(&record);
	failing_libraries();
	report_scratch_make(scratch);
	report_scratch_write(scratch, "a.yaml", text);
	snprintf(path, sizeof path, "%s/a.yaml", scratch);
	request = (struct tune_request){ .path = strdup(path),
		.now = strdup("block=128KiB"),
		.seed = 1,
		.seeds = 2,
		.points_max = 100 };
	ck_assert_int_eq(tune_texts_add(&request.vary, "block=64KiB,256KiB"),
	    0);
	ck_assert_int_eq(tune_texts_add(&request.limits, "memory=1GiB"), 0);
	ck_assert_int_eq(tune_texts_add(&request.set, "splitter.part=1GiB"), 0);
	run_all();
}

static void teardown(void)
{
	free(line);
	tune_records_clear(&all);
	tune_request_clear(&request);
	report_scratch_remove(scratch);
}

static void plan_one(void *arg, struct sweep_run *run)
{
	struct tune_plan plan;
	int rc;

	(void)arg;
	rc = tune_plan_make(&request, &plan, keep, run->message);
	failing_end();
	run->reported = rc != 0;
	if (rc == 0 && tune_sweep_points(&plan.study.sweep) != 2)
		strcpy(run->wrong, "a point is missing");
	tune_plan_clear(&plan);
}

static void keep_records(void *arg, struct sweep_run *run)
{
	struct tune_journal_head head = { .digest = (char[]){ "d" },
		.arguments = (char[]){ "{}" },
		.shard = 1,
		.shards = 1 };
	struct tune_records records = { .root = NULL };
	struct tune_journal *journal;
	int rc = -1;

	(void)arg;
	journal = tune_journal_open(sweep_folder(), &head, &records,
	    run->message, sizeof run->message);
	if (journal != NULL)
		rc = tune_journal_add(journal, line, run->message,
		    sizeof run->message);
	tune_journal_close(journal);
	failing_end();
	run->reported = rc != 0;
	/*
	 * Read without failures: jansson may lose a piece of a text when memory
	 * is short, and the message is then about the text.
	 */
	journal = tune_journal_open(sweep_folder(), &head, &records,
	    run->message, sizeof run->message);
	tune_journal_close(journal);
	if (journal == NULL || (rc == 0 && records.count != 1))
		strcpy(run->wrong, "the journal cannot be continued");
	tune_records_clear(&records);
	snprintf(path, sizeof path, "%s/" TUNE_JOURNAL_NAME, sweep_folder());
	unlink(path);
}

/* Concludes a sweep whose runs are all done, and writes its files. */
static int write_answer(struct tune_plan *plan, char *err, size_t err_bytes)
{
	const struct tune_plots plots = { .hour = false };
	struct tune_doc doc = { .blocks = NULL };
	char missing[256];
	int rc = -1;

	plan->study.records = all;
	if (tune_study_conclude(&plan->study, err, err_bytes) ==
	    TUNE_COMPLETE) {
		tune_answer(plan, &plots, &doc);
		if (tune_doc_failed(&doc))
			snprintf(err, err_bytes, "out of memory");
		else
			rc = tune_files_write(plan, &doc, sweep_folder(),
			    missing, sizeof missing, err, err_bytes);
	}
	tune_doc_clear(&doc);
	plan->study.records = (struct tune_records){ .root = NULL };
	if (rc == 0 && missing[0] != '\0') {
		snprintf(err, err_bytes, "%s", missing);
		return -1;
	}
	return rc;
}

static void answer(void *arg, struct sweep_run *run)
{
	static const char *const names[] = { "answer.txt", "answer.yaml",
		"index.html", "points.tsv", "points.json" };
	enum { NAMES = sizeof names / sizeof *names };
	static char *want[NAMES];
	struct tune_plan plan;
	int rc;

	(void)arg;
	rc = tune_plan_make(&request, &plan, keep, run->message);
	if (rc == 0)
		rc = write_answer(&plan, run->message, sizeof run->message);
	tune_plan_clear(&plan);
	failing_end();
	run->reported = rc != 0;
	for (size_t i = 0; i < NAMES; i++) {
		char *is = report_scratch_read(sweep_folder(), names[i], NULL);

		if (run->nth == 0) {
			free(want[i]);
			want[i] = is;
			continue;
		}
		if (rc == 0 && (is == NULL || strcmp(is, want[i]) != 0))
			snprintf(run->wrong, sizeof run->wrong,
			    "%s is not whole", names[i]);
		free(is);
	}
	for (size_t i = 0; i < NAMES; i++) {
		snprintf(path, sizeof path, "%s/%s", sweep_folder(), names[i]);
		unlink(path);
	}
}

static const struct sweep sweeps[] = {
	{ .name = "a plan", .body = plan_one, .reported_min = 100 },
	{ .name = "a journal", .body = keep_records, .reported_min = 20 },
	{ .name = "an answer", .body = answer, .reported_min = 100 },
};

START_TEST(no_failing_call_gives_a_partial_answer)
{
	sweep(&sweeps[_i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tune_sweep");
	TCase *tc = tcase_create("tune");

	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, no_failing_call_gives_a_partial_answer, 0,
	    sizeof sweeps / sizeof *sweeps);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}

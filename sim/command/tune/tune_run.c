/* tune_run.c: see tune.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/command/cmd.h"
#include "sim/command/tune/tune.h"
#include "sim/tune/answer/answer.h"
#include "sim/tune/answer/files.h"
#include "sim/tune/answer/hour.h"
#include "splitter/base/signals.h"

enum { MESSAGE_BYTES = 1024 };

static int fail(const char *message)
{
	fprintf(stderr, "tapelab: %s\n", message);
	return CMD_USAGE;
}

/* Returns the exit status of a study that did not end well. */
static int status_of(enum tune_status status, const struct tune_run *run,
    const char *err)
{
	switch (status) {
	case TUNE_BROKEN:
		fail(err);
		return CMD_BROKEN;
	case TUNE_FAILED:
		return fail(err);
	default:
		fprintf(stderr, "tapelab: interrupted; %s\n",
		    run->out != NULL ? "the same command continues"
				     : "with --out, a sweep can be continued");
		return CMD_FAILED;
	}
}

/* Draws the plots, if files are written and there is something to draw. */
static enum tune_status draw(const struct tune_plan *plan,
    const struct tune_run *run, struct tune_plots *plots, char *err,
    size_t err_bytes)
{
	if (run->out == NULL || plan->study.choice.chosen == TUNE_NO_POINT)
		return TUNE_COMPLETE;
	if (tune_curves_draw(&plan->study, run->out, plots, err, err_bytes) !=
	    0)
		return TUNE_FAILED;
	return tune_hour_write(&plan->study, run->out, plots, err, err_bytes);
}

/* Prints the answer and writes its files.  Returns the exit status. */
static int answer(const struct tune_plan *plan, const struct tune_run *run,
    const struct tune_plots *plots)
{
	struct tune_doc doc = { .blocks = NULL };
	char err[MESSAGE_BYTES], missing[MESSAGE_BYTES] = "";
	int result =
	    plan->study.choice.chosen == TUNE_NO_POINT ? CMD_FAILED : CMD_OK;

	tune_answer(plan, plots, &doc);
	if (tune_doc_failed(&doc)) {
		result = fail("out of memory");
	} else {
		tune_doc_print(&doc, stdout);
		if (run->out != NULL &&
		    tune_files_write(plan, &doc, run->out, missing,
			sizeof missing, err, sizeof err) != 0)
			result = fail(err);
		else if (run->out != NULL)
			printf("\nreport: %s/index.html\n", run->out);
	}
	if (missing[0] != '\0')
		fprintf(stderr,
		    "tapelab: %s/answer.yaml is missing: the recommendation "
		    "cannot be a scenario in this folder: %s\n",
		    run->out, missing);
	if (plots->why[0] != '\0')
		fprintf(stderr, "tapelab: a plot is missing: %s\n", plots->why);
	tune_doc_clear(&doc);
	return result;
}

int tune_finish(struct tune_plan *plan, const struct tune_run *run)
{
	struct tune_plots plots = { .hour = false };
	char err[MESSAGE_BYTES];
	enum tune_status status =
	    tune_study_conclude(&plan->study, err, sizeof err);

	if (status == TUNE_COMPLETE)
		status = draw(plan, run, &plots, err, sizeof err);
	return status == TUNE_COMPLETE ? answer(plan, run, &plots)
				       : status_of(status, run, err);
}

static void report(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "%s\n", message);
}

static unsigned processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > TUNE_JOBS_MAX ? TUNE_JOBS_MAX : (unsigned)n;
}

void tune_plan_use(struct tune_plan *plan, unsigned jobs)
{
	plan->study.jobs = jobs > 0 ? jobs : processors();
	plan->study.show = isatty(STDERR_FILENO);
}

static int open_journal(const struct tune_request *request,
    struct tune_plan *plan, const struct tune_run *run)
{
	struct tune_journal_head head = {
		.digest = plan->digest,
		.arguments = tune_request_text(request),
		.shard = plan->study.shard,
		.shards = plan->study.shards,
	};
	char err[MESSAGE_BYTES];
	int rc = -1;

	if (head.arguments == NULL)
		snprintf(err, sizeof err, "out of memory");
	else if (tune_files_prepare(run->out, err, sizeof err) == 0) {
		plan->study.journal = tune_journal_open(run->out, &head,
		    &plan->study.records, err, sizeof err);
		rc = plan->study.journal == NULL ? -1 : 0;
	}
	free(head.arguments);
	if (rc != 0)
		fail(err);
	return rc;
}

/* Runs the sweep and, unless it is a share, concludes it. */
static int run_study(struct tune_plan *plan, const struct tune_run *run)
{
	struct tune_study *study = &plan->study;
	char err[MESSAGE_BYTES];
	enum tune_status status;

	if (signals_begin_parent() != 0) {
		snprintf(err, sizeof err, "cannot install signal handlers: %s",
		    strerror(errno));
		return fail(err);
	}
	status = tune_study_sweep(study, err, sizeof err);
	if (status != TUNE_COMPLETE)
		return status_of(status, run, err);
	if (run->shards == 0)
		return tune_finish(plan, run);
	printf("share %u of %u is complete: %s/" TUNE_JOURNAL_NAME "\n",
	    run->shard, run->shards, run->out);
	return CMD_OK;
}

int tune_run(const struct tune_request *request, const struct tune_run *run)
{
	struct tune_plan plan;
	int status = CMD_USAGE;

	if (tune_plan_make(request, &plan, report, NULL) == 0) {
		tune_plan_use(&plan, run->jobs);
		if (run->shards > 0) {
			plan.study.shard = run->shard;
			plan.study.shards = run->shards;
		}
		if (run->out == NULL || open_journal(request, &plan, run) == 0)
			status = run_study(&plan, run);
		tune_journal_close(plan.study.journal);
	}
	tune_plan_clear(&plan);
	return status;
}

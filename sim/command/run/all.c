/* all.c: runs the cases of a suite, prints their results, writes reports. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/published.h"
#include "reports/write/write.h"
#include "sim/command/cmd.h"
#include "sim/command/run/impl.h"
#include "sim/command/run/print.h"
#include "sim/command/run/progress.h"
#include "sim/suite/update.h"
#include "splitter/api/splitter.h"
#include "splitter/base/signals.h"
#include "splitter/base/temporary.h"
#include "splitter/base/text.h"

/* With more scenarios, summaries are only in the reports. */
enum { SUMMARIES_MAX = 3 };

struct tally {
	unsigned passed, failed, skipped;
	unsigned not_run;    /* the number of `skipped` that were not begun */
	unsigned impossible; /* the number of `failed` that could not be run */
	bool broken;         /* an error in tapelab */
};

/* The state of a run. */
struct running {
	const struct arguments *arguments;
	const struct suite *suite;
	struct results results;
	struct tally tally;
	struct run_progress progress;
	struct update update;
	bool update_failed;
	bool stdin_read;
	bool no_memory;
};

/* Returns the record of a scenario that was not run. */
static struct results_scenario *not_run(const struct suite_entry *e,
    const struct run_options *all, enum results_status status, const char *why)
{
	struct run_options o = pool_run_options(e, all);
	struct results_scenario *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->name = strdup(e->name);
	s->title = strdup(e->title);
	s->file = strdup(e->of->file);
	s->clock = strdup(o.real ? "real" : "virtual");
	s->problem = strdup(why);
	s->outcome = strdup("");
	s->seed = o.seed;
	s->status = status;
	if (s->name != NULL && s->title != NULL && s->file != NULL &&
	    s->clock != NULL && s->problem != NULL && s->outcome != NULL &&
	    results_add_dump(s, "", 1) == 0)
		return s;
	results_scenario_free(s);
	return NULL;
}

static void count(struct tally *t, enum results_status status)
{
	t->passed += status == RESULTS_PASSED;
	t->failed += status == RESULTS_FAILED;
	t->skipped += status == RESULTS_SKIPPED;
}

/* Only one case can read the standard input: the others are skipped. */
static bool begin(void *arg, const struct suite_entry *e,
    struct pool_result *result)
{
	struct running *r = arg;

	if (!e->reads_stdin)
		return true;
	if (!r->stdin_read) {
		r->stdin_read = true;
		return true;
	}
	result->results = not_run(e, &r->arguments->options, RESULTS_SKIPPED,
	    "standard input was already read by another scenario");
	result->status = RUN_JUDGED;
	return false;
}

/* Returns the record of a case that has none, and prints why. */
static struct results_scenario *record_without_results(struct running *r,
    const struct suite_entry *e, struct pool_result *result)
{
	char why[512], took[64];
	int64_t limit_ns =
	    e->timeout_ns > 0 ? e->timeout_ns : r->arguments->timeout_ns;

	if (result->timed_out) {
		snprintf(took, sizeof took, "%g s", (double)limit_ns / 1e9);
		snprintf(result->message, sizeof result->message,
		    "stopped: it took longer than its timeout of %s", took);
		fprintf(stderr, "%s: %s\n", suite_path(e->of), result->message);
	}
	/* Messages must not depend on the folder of temporary files. */
	text_without(result->message, temporary_folder(), why, sizeof why);
	return not_run(e, &r->arguments->options, RESULTS_FAILED, why);
}

/* Adds the record of a case that was not run.  Returns whether to continue. */
static bool skip(struct running *r, const struct suite_entry *e)
{
	struct results_scenario *record =
	    not_run(e, &r->arguments->options, RESULTS_SKIPPED,
		signals_signal() != 0 ? "not run: interrupted"
				      : "not run: an earlier scenario failed");

	if (record == NULL) {
		r->no_memory = true;
		return false;
	}
	r->results.scenarios[r->results.count++] = record;
	count(&r->tally, record->status);
	r->tally.not_run++;
	return true;
}

/* Receives a result: prints it, and adds its record. */
static bool done(void *arg, const struct suite_entry *e,
    struct pool_result *result)
{
	struct running *r = arg;
	bool reported = result->status != RUN_JUDGED || result->timed_out;
	struct results_scenario *record = result->results;

	if (r->no_memory)
		return false;
	if (result->not_run)
		return skip(r, e);
	run_progress_clear(&r->progress);
	if (result->status != RUN_JUDGED)
		fprintf(stderr, "%s: %s\n", suite_path(e->of), result->message);
	r->tally.impossible += result->status == RUN_IMPOSSIBLE;
	if (record == NULL && reported)
		record = record_without_results(r, e, result);
	result->results = NULL;
	if (record == NULL) {
		r->no_memory = true;
		return false;
	}
	if (result->status == RUN_BROKEN) {
		r->tally.broken = true;
		record->status = RESULTS_FAILED;
	}
	if (record->path == NULL)
		record->path = strdup(suite_path(e->of));
	if (r->arguments->out != NULL && record->text == NULL)
		record->text = strdup(compose_text(e->of->compose));
	if (record->repeat == NULL)
		record->repeat = run_again(r->arguments, e);
	if (r->arguments->update && update_add(&r->update, e, record) != 0)
		r->no_memory = true;
	run_print_result(e, record, reported, r->suite->count <= SUMMARIES_MAX);
	count(&r->tally, record->status);
	r->progress.failed = r->tally.failed;
	r->results.scenarios[r->results.count++] = record;
	return !(r->arguments->fail_fast && record->status == RESULTS_FAILED);
}

static void show_progress(void *arg, size_t ended, size_t running)
{
	struct running *r = arg;

	run_progress_show(&r->progress, ended, running);
}

/* Returns the exit status: the worst of all scenarios. */
static int worst(const struct tally *t)
{
	if (t->broken)
		return CMD_BROKEN;
	if (t->impossible > 0)
		return CMD_USAGE;
	if (t->failed > 0)
		return CMD_FAILED;
	return t->passed == 0 ? CMD_SKIPPED : CMD_OK;
}

static int finish(struct running *r)
{
	const struct arguments *a = r->arguments;
	const struct tally *t = &r->tally;
	char err[512];
	/* If no scenario was run, older results are kept. */
	bool write = a->out != NULL &&
	    t->impossible + t->not_run < t->passed + t->failed + t->skipped;

	if (write && report_write(&r->results, a->out, err, sizeof err) != 0) {
		fprintf(stderr, "tapelab: %s\n", err);
		return t->broken ? CMD_BROKEN : CMD_USAGE;
	}
	if (write)
		printf("report: %s/index.html\n", a->out);
	printf("%u passed, %u failed, %u skipped", t->passed, t->failed,
	    t->skipped);
	if (t->not_run > 0)
		printf(" (%u of them not run: %s)", t->not_run,
		    signals_signal() != 0 ? "interrupted" : "--fail-fast");
	putchar('\n');
	return r->update_failed && !t->broken ? CMD_USAGE : worst(t);
}

/*
 * Judges the series of published values, and prints those that are not as they
 * should be.  A scenario that passed before may fail.
 */
static void judge_series(struct running *r)
{
	struct report_published_tally values;
	struct tally *t = &r->tally;

	report_published_judge_series(&r->results);
	t->passed = t->failed = t->skipped = 0;
	for (size_t i = 0; i < r->results.count; i++) {
		struct results_scenario *s = r->results.scenarios[i];

		count(t, s->status);
		for (size_t j = 0; j < s->published_count; j++)
			if (s->published[j].defined &&
			    report_published_is_relative(&s->published[j]))
				run_print_published(&r->suite->entries[i],
				    &s->published[j]);
	}
	values = report_published_count(&r->results);
	if (values.compared + values.by_construction > 0)
		printf(
		    "published values: %zu of %zu met, %zu not met as known; "
		    "%zu by construction, not counted\n",
		    values.met, values.compared, values.known,
		    values.by_construction);
}

int run_all(const struct arguments *a, const struct suite *suite)
{
	struct running r = { .arguments = a, .suite = suite };
	struct pool_options o = { .run = a->options,
		.jobs = a->jobs,
		.timeout_ns = a->timeout_ns,
		.begin = begin,
		.done = done,
		.arg = &r };
	int status = CMD_USAGE, rc;

	r.results.version = strdup(SPLITTER_VERSION);
	r.results.scenarios = calloc(suite->count, sizeof *r.results.scenarios);
	if (r.results.scenarios == NULL || r.results.version == NULL) {
		results_free(&r.results);
		fprintf(stderr, "tapelab: out of memory\n");
		return CMD_USAGE;
	}
	run_progress_begin(&r.progress, suite->count);
	if (r.progress.on)
		o.progress = show_progress;
	/* The attempts of one scenario can be shown while they end. */
	o.run.show = suite->count == 1 && isatty(STDERR_FILENO);
	o.run.trace_below = a->trace ? a->out : NULL;
	rc = pool_run(suite, &o);
	run_progress_clear(&r.progress);
	if (r.no_memory || rc != 0) {
		fprintf(stderr, "tapelab: out of memory\n");
	} else {
		judge_series(&r);
		/* Without an interrupt all cases that have a line were run. */
		r.update_failed = a->update && signals_signal() == 0 &&
		    update_files(&r.update) != 0;
		status = finish(&r);
	}
	update_clear(&r.update);
	results_free(&r.results);
	return status;
}

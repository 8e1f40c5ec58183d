/* run.c: runs scenarios, prints one line each, and writes the reports. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/output.h"
#include "reports/published.h"
#include "reports/write/write.h"
#include "sim/base/pace.h"
#include "sim/command/cmd.h"
#include "sim/command/run_print.h"
#include "sim/command/overrides.h"
#include "splitter/base/signals.h"
#include "sim/run/process.h"
#include "sim/run/suite.h"
#include "reports/units.h"
#include "splitter/api/splitter.h"
#include "splitter/base/units.h"
#include "splitter/base/text.h"
#include "splitter/base/temporary.h"
#include "vtl/yaml/file.h"

enum {
	KEY_CHECK_DETERMINISM = 256,
	KEY_NO_LEAP,
	KEY_NO_READ_BACK,
	KEY_TRACE,
	KEY_PACE
};

/* With more scenarios, summaries are only in the reports. */
enum { SUMMARIES_MAX = 3 };

struct arguments {
	struct run_options options;
	const char *out;
	struct overrides overrides;
	bool trace;
	char **paths;
	size_t paths_count;
};

struct tally {
	unsigned passed, failed, skipped;
	unsigned not_run; /* the number of `skipped` because of an interrupt */
	unsigned impossible; /* the number of `failed` that could not be run */
	bool broken;         /* an error in tapelab */
};

static void parse_clock(const char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	if (strcmp(arg, "real") != 0 && strcmp(arg, "virtual") != 0)
		argp_error(state, "--clock takes virtual or real, not \"%s\"",
		    arg);
	a->options.real = strcmp(arg, "real") == 0;
}

static void parse_seed(const char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	char err[256];

	if (units_parse_count(arg, 0, INT64_MAX, &a->options.seed, err,
		sizeof err) != 0)
		argp_error(state, "--seed: %s", err);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	char err[256];

	switch (key) {
	case 'c':
		parse_clock(arg, state);
		return 0;
	case 's':
		parse_seed(arg, state);
		return 0;
	case 'o':
		if (arg[0] == '\0')
			argp_error(state,
			    "--out: the name of a folder is empty");
		a->out = arg;
		return 0;
	case 'k':
		a->options.keep_volumes = true;
		return 0;
	case KEY_CHECK_DETERMINISM:
		a->options.check_determinism = true;
		return 0;
	case KEY_NO_LEAP:
		a->options.no_leap = true;
		return 0;
	case KEY_NO_READ_BACK:
		a->options.no_read_back = true;
		return 0;
	case KEY_TRACE:
		a->trace = true;
		return 0;
	case KEY_PACE:
		a->options.pace_permille = pace_parse(arg, err, sizeof err);
		if (a->options.pace_permille == 0)
			argp_error(state, "--pace: %s", err);
		return 0;
	case KEY_SET:
		overrides_add(&a->overrides, arg, state);
		return 0;
	case ARGP_KEY_END:
		if (a->trace && a->out == NULL)
			argp_error(state, "--trace needs --out");
		if (a->options.pace_permille > 0 && !a->options.real)
			argp_error(state, "--pace needs --clock real");
		return 0;
	case ARGP_KEY_ARGS:
		a->paths = state->argv + state->next;
		a->paths_count = (size_t)(state->argc - state->next);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name a scenario, or a folder of them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "clock", 'c', "CLOCK", 0,
	    "virtual (default): simulated time, the same seed gives the same "
	    "result; real: in real time, with threads",
	    0 },
	{ "pace", KEY_PACE, "FACTOR", OPTION_ARG_OPTIONAL,
	    "with --clock real: drives and robot take the time of their "
	    "models, times FACTOR (0.01: a hundredth); without it they take none",
	    0 },
	{ "seed", 's', "N", 0, "seed of all random choices (default 1)", 0 },
	{ "out", 'o', "DIR", 0,
	    "write results.json, report.md, index.html and a folder for each "
	    "scenario into DIR",
	    0 },
	{ "keep-volumes", 'k', NULL, 0,
	    "keep the volumes, and print their folder", 0 },
	{ "check-determinism", KEY_CHECK_DETERMINISM, NULL, 0,
	    "run each scenario a second time, in virtual time and with "
	    "--no-leap, and compare the two runs",
	    0 },
	{ "no-leap", KEY_NO_LEAP, NULL, 0,
	    "carry out each step of a steady stretch, instead of all at once; "
	    "the result is the same",
	    0 },
	{ "no-read-back", KEY_NO_READ_BACK, NULL, 0,
	    "do not read the volumes back: the metric restored is undefined",
	    0 },
	{ "trace", KEY_TRACE, NULL, 0,
	    "with --out: write every tape operation, with its times, to "
	    "trace.tsv in the folder of the scenario",
	    0 },
	OVERRIDES_OPTION, { 0 }
};

/* Makes the folder before the run, so that an error is found early. */
static int prepare_out(const char *out, const struct suite *suite)
{
	char err[512];
	size_t i;
	int rc;

	if (out == NULL)
		return 0;
	rc = report_prepare(out, err, sizeof err);
	for (i = 0; i < suite->count && rc == 0; i++)
		rc = report_prepare_scenario(out, suite->entries[i].name, err,
		    sizeof err);
	if (rc != 0)
		fprintf(stderr, "tapelab: %s\n", err);
	return rc;
}

/* Returns the record of a scenario that was not run. */
static struct results_scenario *not_run(const struct suite_entry *e,
    const struct run_options *o, enum results_status status, const char *why)
{
	struct results_scenario *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->name = strdup(e->name);
	s->title = strdup(e->scenario->title);
	s->file = strdup(e->file);
	s->clock = strdup(o->real ? "real" : "virtual");
	s->problem = strdup(why);
	s->outcome = strdup("");
	s->seed = o->seed;
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

/* Makes a folder below another one.  Returns 0, or -1 with a message. */
static int output_folder_below(const char *out, const char *folder, char *err,
    size_t err_bytes)
{
	char *path;
	int rc;

	if (asprintf(&path, "%s/%s", out, folder) < 0)
		return -1;
	rc = report_output_folder(path, err, err_bytes);
	free(path);
	return rc;
}

/* Makes the folders for the traces.  Returns 0, or -1 with a message. */
static int make_trace_folders(const struct suite_entry *e, const char *out,
    char *err, size_t err_bytes)
{
	const struct scenario *s = e->scenario;
	char *folder;
	int rc = 0;

	for (size_t i = 0; i < s->dumps_count && rc == 0; i++) {
		folder = results_dump_folder(e->name, s->dumps[i].name);
		rc = folder == NULL
		    ? -1
		    : output_folder_below(out, folder, err, err_bytes);
		free(folder);
	}
	return rc;
}

/* Returns the text of a scenario's file for the reports; NULL if it is gone. */
static char *read_text(const struct suite_entry *e)
{
	struct yaml_errors errors = { 0 };
	size_t bytes;
	char *text, *ended;

	text = yaml_file_read(e->path, "scenario", &bytes, &errors);
	yaml_errors_clear(&errors);
	ended = text != NULL ? strndup(text, bytes) : NULL;
	free(text);
	return ended;
}

/* Runs a scenario, with a trace if requested. */
static enum run_status run_traced(const struct suite_entry *e,
    const struct arguments *a, struct results_scenario **record, char *err,
    size_t err_bytes)
{
	struct run_options o = a->options;

	snprintf(err, err_bytes, "out of memory");
	if (a->trace) {
		if (make_trace_folders(e, a->out, err, err_bytes) != 0)
			return RUN_IMPOSSIBLE;
		o.trace_below = a->out;
	}
	return run_process(e->scenario, e->name, e->file, &o, record, err,
	    err_bytes);
}

/*
 * Runs a scenario and adds its record to the results.  Returns 0, or -1 without
 * memory.
 */
static int run_one(const struct suite_entry *e, const struct arguments *a,
    bool summary, bool *stdin_read, struct results *results,
    struct tally *tally)
{
	const struct run_options *o = &a->options;
	struct results_scenario *record = NULL;
	bool takes_stdin = scenario_reads_stdin(e->scenario);
	enum run_status status = RUN_JUDGED;
	char err[512], why[512];

	if (takes_stdin && *stdin_read)
		record = not_run(e, o, RESULTS_SKIPPED,
		    "standard input was already read by another scenario");
	else
		status = run_traced(e, a, &record, err, sizeof err);
	*stdin_read |= takes_stdin;
	if (status != RUN_JUDGED)
		fprintf(stderr, "%s: %s\n", e->path, err);
	tally->impossible += status == RUN_IMPOSSIBLE;
	if (status != RUN_JUDGED && record == NULL) {
		/* Messages must not depend on the folder of temporary files. */
		text_without(err, temporary_folder(), why, sizeof why);
		record = not_run(e, o, RESULTS_FAILED, why);
	}
	if (record == NULL)
		return -1;
	if (status == RUN_BROKEN) {
		tally->broken = true;
		record->status = RESULTS_FAILED;
	}
	if (a->out != NULL)
		record->text = read_text(e);
	run_print_result(e, record, status != RUN_JUDGED, summary);
	count(tally, record->status);
	results->scenarios[results->count++] = record;
	return 0;
}

/* Skips the scenarios from `from` on, after an interrupt. */
static int skip_rest(const struct suite *suite, size_t from,
    const struct run_options *o, struct results *results, struct tally *tally)
{
	size_t i;

	for (i = from; i < suite->count; i++) {
		struct results_scenario *record = not_run(&suite->entries[i], o,
		    RESULTS_SKIPPED, "not run: interrupted");

		if (record == NULL)
			return -1;
		results->scenarios[results->count++] = record;
		count(tally, record->status);
		tally->not_run++;
	}
	return 0;
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

static int finish(const struct arguments *a, const struct results *results,
    const struct tally *t)
{
	char err[512];
	/* If no scenario was run, older results are kept. */
	bool write = a->out != NULL &&
	    t->impossible + t->not_run < t->passed + t->failed + t->skipped;

	if (write && report_write(results, a->out, err, sizeof err) != 0) {
		fprintf(stderr, "tapelab: %s\n", err);
		return t->broken ? CMD_BROKEN : CMD_USAGE;
	}
	if (write)
		printf("report: %s/index.html\n", a->out);
	printf("%u passed, %u failed, %u skipped", t->passed, t->failed,
	    t->skipped);
	if (t->not_run > 0)
		printf(" (%u of them not run: interrupted)", t->not_run);
	putchar('\n');
	return worst(t);
}

/*
 * Judges the series of published values, and prints those that are not as they
 * should be.  A scenario that passed before may fail.
 */
static void judge_series(const struct suite *suite, struct results *results,
    struct tally *t)
{
	struct report_published_tally values;

	report_published_judge_series(results);
	t->passed = t->failed = t->skipped = 0;
	for (size_t i = 0; i < results->count; i++) {
		struct results_scenario *s = results->scenarios[i];

		count(t, s->status);
		for (size_t j = 0; j < s->published_count; j++)
			if (s->published[j].defined &&
			    report_published_is_relative(&s->published[j]))
				run_print_published(&suite->entries[i],
				    &s->published[j]);
	}
	values = report_published_count(results);
	if (values.compared + values.by_construction > 0)
		printf(
		    "published values: %zu of %zu met, %zu not met as known; "
		    "%zu by construction, not counted\n",
		    values.met, values.compared, values.known,
		    values.by_construction);
}

static int run_all(const struct arguments *a, const struct suite *suite)
{
	struct results results = { 0 };
	struct tally tally = { 0 };
	bool stdin_read = false;
	size_t i;
	int rc = 0, status = CMD_USAGE;

	results.version = strdup(SPLITTER_VERSION);
	results.scenarios = calloc(suite->count, sizeof *results.scenarios);
	if (results.scenarios == NULL || results.version == NULL) {
		results_free(&results);
		fprintf(stderr, "tapelab: out of memory\n");
		return CMD_USAGE;
	}
	for (i = 0; i < suite->count && rc == 0 && signals_signal() == 0; i++)
		rc = run_one(&suite->entries[i], a,
		    suite->count <= SUMMARIES_MAX, &stdin_read, &results,
		    &tally);
	if (rc == 0)
		rc = skip_rest(suite, i, &a->options, &results, &tally);
	if (rc != 0)
		fprintf(stderr, "tapelab: out of memory\n");
	if (rc == 0) {
		judge_series(suite, &results, &tally);
		status = finish(a, &results, &tally);
	}
	results_free(&results);
	return status;
}

/*
 * Installs the signal handlers.  Before this call an interrupt ends the process
 * at once.
 */
static bool begin_parent(void)
{
	if (signals_begin_parent() == 0)
		return true;
	fprintf(stderr, "tapelab: cannot install signal handlers: %s\n",
	    strerror(errno));
	return false;
}

int cmd_run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "SCENARIO|DIR...",
		.doc =
		    "Runs scenarios, and checks their expectations.\n"
		    "\vA folder stands for all *.yaml files in it and below "
		    "it.  Exit status: 0 all passed; 1 an expectation failed; "
		    "2 bad usage, an invalid scenario, or one that could not "
		    "be run; 3 an error in tapelab; 77 all were skipped.",
	};
	struct arguments a = { .options = { .seed = 1 } };
	struct suite suite = { 0 };
	struct scenario_overrides overrides;
	size_t i;
	int status = CMD_USAGE;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	overrides = overrides_get(&a.overrides);
	a.options.show = a.options.real && isatty(STDERR_FILENO);
	for (i = 0; i < a.paths_count; i++)
		if (suite_add(&suite, a.paths[i], a.out) != 0)
			break;
	if (i < a.paths_count)
		fprintf(stderr, "tapelab: out of memory\n");
	else if (suite_read(&suite, &overrides) == 0 &&
	    prepare_out(a.out, &suite) == 0 && begin_parent())
		status = run_all(&a, &suite);
	suite_free(&suite);
	overrides_clear(&a.overrides);
	if (signals_signal() != 0) {
		fflush(stdout);
		signals_die();
	}
	return status;
}

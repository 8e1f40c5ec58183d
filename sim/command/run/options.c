/* options.c: the options of `tapelab run`. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/units.h"
#include "sim/base/option.h"
#include "sim/base/pace.h"
#include "sim/command/cmd.h"
#include "sim/command/run/impl.h"
#include "sim/command/verb_options.h"
#include "splitter/api/volumes.h"
#include "splitter/base/grow.h"
#include "splitter/base/signals.h"
#include "splitter/base/units.h"

enum {
	KEY_CHECK_DETERMINISM = 256,
	KEY_NO_LEAP,
	KEY_NO_READ_BACK,
	KEY_TRACE,
	KEY_PACE,
	KEY_LIST_CASES,
	KEY_FAIL_FAST,
	KEY_TIMEOUT,
	KEY_MAX_CASES,
	KEY_UPDATE,
	KEY_DEVICE,
	KEY_SECOND_DEVICE,
	KEY_CHANGER,
	KEY_VOLUME,
	KEY_OVERWRITE,
	KEY_QUICK,
	KEY_FILL,
	KEY_YES,
	KEY_TRIAL,
	KEY_COMPARE
};

static void parse_clock(const char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	if (strcmp(arg, "real") != 0 && strcmp(arg, "virtual") != 0)
		argp_error(state, "--clock takes virtual or real, not \"%s\"",
		    arg);
	a->options.real = strcmp(arg, "real") == 0;
	a->has_clock = true;
}

static void parse_seed(const char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	char err[256];

	if (units_parse_count(arg, 0, INT64_MAX, &a->options.seed, err,
		sizeof err) != 0)
		argp_error(state, "--seed: %s", err);
	a->has_seed = true;
}

static void parse_jobs(const char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	uint64_t jobs;
	char err[256];

	if (units_parse_count(arg, 1, SIGNALS_CHILDREN_MAX, &jobs, err,
		sizeof err) != 0)
		argp_error(state, "--jobs: %s", err);
	a->jobs = (unsigned)jobs;
}

static void parse_cases_max(const char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	char err[256];

	if (units_parse_count(arg, 1, INT64_MAX, &a->cases_max, err,
		sizeof err) != 0)
		argp_error(state, "--max-cases: %s", err);
}

/* Returns the time of an option. */
static int64_t parse_time(const char *option, const char *arg,
    struct argp_state *state)
{
	uint64_t ns = 0;
	char err[256];

	if (units_parse(UNITS_TIME, arg, &ns, err, sizeof err) != 0)
		argp_error(state, "%s: %s", option, err);
	if (ns == 0 || ns > INT64_MAX / 4)
		argp_error(state, "%s takes a time above 0, such as 30 s",
		    option);
	return (int64_t)ns;
}

static void add_text(struct texts *texts, const char *arg,
    struct argp_state *state)
{
	const char **list =
	    grow_by_one(texts->list, texts->count, sizeof *list);

	if (list == NULL) {
		argp_failure(state, CMD_USAGE, 0, "out of memory");
		return;
	}
	texts->list = list;
	texts->list[texts->count++] = arg;
}

static void add_name(struct texts *texts, const char *option, const char *arg,
    struct argp_state *state)
{
	if (!splitter_barcode_valid(arg))
		argp_error(state,
		    "%s: \"%s\" is not the name of a cartridge: use 1 to 32 "
		    "printable ASCII characters, with no blank at either end",
		    option, arg);
	add_text(texts, arg, state);
}

/* Checks the options of an acceptance run. */
static void check_device(struct arguments *a, struct argp_state *state)
{
	if (a->device == NULL &&
	    (a->changer != NULL || a->second != NULL ||
		a->volumes.count + a->overwrite.count + a->compare.count > 0 ||
		a->quick || a->fill || a->yes || a->trial_ns > 0))
		argp_error(state,
		    "--second-device, --changer, --volume, --overwrite, "
		    "--compare, --quick, --fill, --trial and --yes need "
		    "--device");
	if (a->device == NULL)
		return;
	if (a->quick + a->fill + (a->trial_ns > 0) > 1)
		argp_error(state,
		    "--quick, --fill and --trial exclude each other");
	if (a->second != NULL && a->trial_ns > 0)
		argp_error(state,
		    "--trial uses one drive: remove --second-device");
	if (a->compare.count > 0 && a->trial_ns > 0)
		argp_error(state,
		    "--trial is compared with its prediction: remove "
		    "--compare");
	if ((a->has_clock && !a->options.real) ||
	    a->options.pace_permille > 0 || a->options.check_determinism ||
	    a->options.keep_volumes || a->trace || a->update)
		argp_error(state,
		    "--device has the clock of this machine and its own "
		    "cartridges: remove --clock virtual, --pace, "
		    "--check-determinism, --keep-volumes, --trace and "
		    "--update");
	a->options.real = a->has_clock = true;
	a->acceptance = a->quick ? SCENARIO_QUICK
	    : a->fill            ? SCENARIO_FILL
				 : SCENARIO_DEFAULT;
}

/* Checks options against each other. */
static void check_options(struct arguments *a, struct argp_state *state)
{
	check_device(a, state);
	if (a->trace && a->out == NULL)
		argp_error(state, "--trace needs --out");
	if (a->options.pace_permille > 0 && !a->options.real)
		argp_error(state, "--pace needs --clock real");
	if (a->update && a->overrides.count > 0)
		argp_error(state,
		    "--update cannot be used with --set: the results are not "
		    "those of the files");
	if (a->update && (a->has_seed || a->options.real))
		argp_error(state,
		    "--update needs the virtual clock and the seed of the "
		    "files");
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
		a->out = option_name("--out", "folder", arg, state);
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
	case 'j':
		parse_jobs(arg, state);
		return 0;
	case 'f':
		add_text(&a->filters, arg, state);
		return 0;
	case 't':
		add_text(&a->tags, arg, state);
		return 0;
	case KEY_LIST_CASES:
		a->list = true;
		return 0;
	case KEY_FAIL_FAST:
		a->fail_fast = true;
		return 0;
	case KEY_MAX_CASES:
		parse_cases_max(arg, state);
		return 0;
	case KEY_TIMEOUT:
		a->timeout_ns = parse_time("--timeout", arg, state);
		return 0;
	case KEY_UPDATE:
		a->update = true;
		return 0;
	case KEY_DEVICE:
		a->device = option_name("--device", "drive", arg, state);
		return 0;
	case KEY_SECOND_DEVICE:
		a->second = option_name("--second-device", "drive", arg, state);
		return 0;
	case KEY_CHANGER:
		a->changer = option_name("--changer", "changer", arg, state);
		return 0;
	case KEY_VOLUME:
		add_name(&a->volumes, "--volume", arg, state);
		return 0;
	case KEY_OVERWRITE:
		add_name(&a->overwrite, "--overwrite", arg, state);
		return 0;
	case KEY_COMPARE:
		add_text(&a->compare,
		    option_name("--compare", "folder", arg, state), state);
		return 0;
	case KEY_QUICK:
		a->quick = true;
		return 0;
	case KEY_FILL:
		a->fill = true;
		return 0;
	case KEY_YES:
		a->yes = true;
		return 0;
	case KEY_TRIAL:
		a->trial_ns = parse_time("--trial", arg, state);
		return 0;
	case KEY_SET:
		overrides_add(&a->overrides, arg, state);
		return 0;
	case ARGP_KEY_END:
		check_options(a, state);
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
	{ "jobs", 'j', "N", 0,
	    "run up to N cases at the same time (default: the number of "
	    "processors; with --pace 1); the output is the same",
	    0 },
	{ "filter", 'f', "PATTERN", 0,
	    "run the cases with PATTERN in their names; with * or ?, the "
	    "whole name must match; !PATTERN: the others; repeat the option "
	    "for more",
	    0 },
	{ "tags", 't', "TAG,...", 0,
	    "run the cases that have one of the tags; !TAG: only those without "
	    "it",
	    0 },
	{ "list", KEY_LIST_CASES, NULL, 0,
	    "print name, tags and title of the cases, and run none", 0 },
	{ "fail-fast", KEY_FAIL_FAST, NULL, 0,
	    "run no more cases after the first one that fails", 0 },
	{ "timeout", KEY_TIMEOUT, "TIME", 0,
	    "stop a case after this real time, unless its file has a timeout; "
	    "it fails",
	    0 },
	{ "max-cases", KEY_MAX_CASES, "N", 0,
	    "accept files with up to N cases (default 1000)", 0 },
	{ "update", KEY_UPDATE, NULL, 0,
	    "print how the files must be changed for the expectations to hold, "
	    "and change them",
	    0 },
	OVERRIDES_OPTION,
	{ NULL, 0, NULL, 0, "A drive that exists (tapelab-acceptance(7)):", 5 },
	{ "device", KEY_DEVICE, "DEV", 0,
	    "test this tape drive with the scenarios, which have the key "
	    "acceptance",
	    5 },
	{ "second-device", KEY_SECOND_DEVICE, "DEV", 0,
	    "with --device: in the end, read on this tape drive what the first "
	    "one has written, and compare it; nothing is written there",
	    5 },
	{ "changer", KEY_CHANGER, "CHANGER", 0,
	    "with --device: this changer, a device or a command as mtx(1), "
	    "loads the cartridges, instead of the person at the terminal",
	    5 },
	{ "volume", KEY_VOLUME, "NAME", VERB_OPTION_REPEATS,
	    "with --device: use this cartridge; everything on it is lost if "
	    "it is blank or labelled as scratch or for tests, and it is "
	    "refused otherwise; without a changer the first is the one in the "
	    "drive",
	    5 },
	{ "compare", KEY_COMPARE, "DIR", 0,
	    "with --device: show the values of this earlier run of the drive, "
	    "the --out folder of which is DIR, next to the new ones; repeat the "
	    "option for more",
	    0 },
	{ "overwrite", KEY_OVERWRITE, "NAME",
	    VERB_OPTION_REPEATS | VERB_OPTION_LINE_ONLY,
	    "with --device: overwrite this cartridge, whatever is on it; use "
	    "it, unless --volume names those to use",
	    5 },
	{ "quick", KEY_QUICK, NULL, 0,
	    "with --device: a quarter of an hour instead of an hour", 5 },
	{ "fill", KEY_FILL, NULL, 0,
	    "with --device: write a whole tape too, which takes hours", 5 },
	{ "trial", KEY_TRIAL, "TIME", 0,
	    "with --device: write the dump of one scenario for about this "
	    "time, and print prediction and measurement side by side",
	    5 },
	{ "yes", KEY_YES, NULL, VERB_OPTION_LINE_ONLY,
	    "with --device: begin without a question", 5 },
	{ 0 }
};

bool run_parse(int argc, char **argv, struct arguments *a)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "SCENARIO|DIR...",
		.doc = "Runs scenarios, and checks their expectations.\n"
		       "\vA folder stands for all *.yaml and *.yml files in it "
		       "and below it; - stands for a scenario on the standard "
		       "input.  Exit status: 0 all passed; 1 an expectation "
		       "failed; 2 bad usage, an invalid scenario, or one that "
		       "could not be run; 3 an error in tapelab; 77 all were "
		       "skipped.",
	};

	*a = (struct arguments){ .options = { .seed = 1 } };
	a->command = cmd_line(argc, argv);
	if (a->command == NULL || !cmd_parse(&argp, argc, argv, a)) {
		free(a->command);
		return false;
	}
	if (a->jobs == 0)
		a->jobs = a->options.pace_permille > 0 ? 1 : pool_processors();
	return true;
}

void run_arguments_clear(struct arguments *a)
{
	overrides_clear(&a->overrides);
	free(a->filters.list);
	free(a->tags.list);
	free(a->volumes.list);
	free(a->overwrite.list);
	free(a->compare.list);
	free(a->command);
}

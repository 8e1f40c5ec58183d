/* tune.c: finds good settings by a sweep, and says why they are. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/output.h"
#include "sim/base/option.h"
#include "sim/command/cmd.h"
#include "sim/command/overrides.h"
#include "sim/command/tune/tune.h"
#include "sim/tune/request.h"
#include "splitter/base/signals.h"
#include "splitter/base/text.h"

enum {
	KEY_VARY = 256,
	KEY_NOW,
	KEY_GOAL,
	KEY_LIMIT,
	KEY_WITHIN,
	KEY_SEEDS,
	KEY_SHARD,
	KEY_MAX_POINTS
};

struct arguments {
	struct tune_request request;
	struct tune_run run;
};

static void add(struct tune_texts *texts, const char *text,
    struct argp_state *state)
{
	if (tune_texts_add(texts, text) != 0)
		argp_failure(state, CMD_USAGE, 0, "out of memory");
}

static void copy(char **to, const char *text, struct argp_state *state)
{
	free(*to);
	*to = strdup(text);
	if (*to == NULL)
		argp_failure(state, CMD_USAGE, 0, "out of memory");
}

/* Parses "I/N". */
static void parse_shard(struct tune_run *run, const char *arg,
    struct argp_state *state)
{
	const char *slash = strchr(arg, '/');
	struct text_quote quote;
	char first[32], err[256];
	uint64_t shard = 0, shards = 0;

	snprintf(first, sizeof first, "%.*s",
	    slash != NULL ? (int)(slash - arg) : 0, arg);
	if (slash == NULL ||
	    units_parse_count(slash + 1, 1, TUNE_SHARDS_MAX, &shards, err,
		sizeof err) != 0 ||
	    units_parse_count(first, 1, shards, &shard, err, sizeof err) != 0)
		argp_error(state,
		    "--shard takes I/N, a share from 1/N to N/N, not %s",
		    text_quote(&quote, arg));
	run->shard = (unsigned)shard;
	run->shards = (unsigned)shards;
}

static error_t parse_option(int key, char *arg, struct arguments *a,
    struct argp_state *state)
{
	struct tune_request *r = &a->request;

	switch (key) {
	case KEY_VARY:
		add(&r->vary, arg, state);
		return 0;
	case KEY_NOW:
		copy(&r->now, arg, state);
		return 0;
	case KEY_GOAL:
		r->goal = option_word("--goal", arg, tune_goal_words(), state);
		return 0;
	case KEY_LIMIT:
		add(&r->limits, arg, state);
		return 0;
	case KEY_WITHIN:
		r->within_permyriad =
		    option_value("--within", UNITS_PERCENT, arg, state) /
		    (UNITS_PERCENT_ONE / 100);
		if (r->within_permyriad == 0 || r->within_permyriad > 10000)
			argp_error(state,
			    "--within takes a percentage from 0.01 %% to 100 "
			    "%%");
		return 0;
	case KEY_SEEDS:
		r->seeds =
		    option_count("--seeds", arg, 1, TUNE_SEEDS_MAX, state);
		return 0;
	case KEY_MAX_POINTS:
		r->points_max = option_count("--max-points", arg, 1,
		    TUNE_POINTS_MAX, state);
		return 0;
	case KEY_SHARD:
		parse_shard(&a->run, arg, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'j':
		a->run.jobs = (unsigned)option_count("--jobs", arg, 1,
		    TUNE_JOBS_MAX, state);
		return 0;
	case 's':
		a->request.seed = option_count("--seed", arg, 0,
		    INT64_MAX - TUNE_SEEDS_MAX, state);
		return 0;
	case 'o':
		a->run.out = option_name("--out", "folder", arg, state);
		return 0;
	case KEY_SET:
		if (strchr(arg, '=') == NULL)
			argp_error(state, "--set takes KEY=VALUE");
		add(&a->request.set, arg, state);
		return 0;
	case ARGP_KEY_ARG:
		if (a->request.path != NULL)
			argp_error(state, "name one scenario");
		copy(&a->request.path, arg, state);
		return 0;
	case ARGP_KEY_END:
		if (a->request.path == NULL)
			argp_error(state, "name a scenario");
		if (a->run.shards > 0 && a->run.out == NULL)
			argp_error(state, "--shard needs --out");
		return 0;
	default:
		return parse_option(key, arg, a, state);
	}
}

static const struct argp_option options[] = {
	{ "vary", KEY_VARY, "NAME=VALUES", 0,
	    "a setting to vary: block, buffer, part, cache, start_fill, "
	    "drives or compression, with a range A..B or a list; repeat the "
	    "option",
	    0 },
	{ "now", KEY_NOW, "NAME=VALUE,...", 0,
	    "the settings of today, which are compared with the "
	    "recommendation",
	    0 },
	{ "goal", KEY_GOAL, "throughput|wear|tape|memory", 0,
	    "what is best (default throughput)", 0 },
	{ "limit", KEY_LIMIT, "NAME=VALUE", 0,
	    "a limit of the recommendation: memory, spool, block, part, "
	    "drives, stops (in an hour) or throughput (at least); repeat the "
	    "option",
	    0 },
	{ "within", KEY_WITHIN, "PERCENT", 0,
	    "recommend the cheapest point that is so close to the best "
	    "(default 1 %, and 5 % for the goal memory)",
	    0 },
	{ "jobs", 'j', "N", 0,
	    "runs at the same time (default: the processors)", 0 },
	{ "seed", 's', "N", 0, "the first seed (default 1)", 0 },
	{ "seeds", KEY_SEEDS, "N", 0,
	    "how many seeds measure the spread (default 8)", 0 },
	{ "shard", KEY_SHARD, "I/N", 0,
	    "run the Ith of N shares of the sweep, for tapelab report", 0 },
	{ "max-points", KEY_MAX_POINTS, "N", 0,
	    "allow a sweep of this many points (default 20000)", 0 },
	{ "out", 'o', "DIR", 0,
	    "write the answer, the report and all points into DIR, and "
	    "continue there what was interrupted",
	    0 },
	OVERRIDES_OPTION, { 0 }
};

int cmd_tune(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "SCENARIO",
		.doc =
		    "Finds good settings for a scenario by a sweep, and says "
		    "why they are.\n"
		    "\vExit status: 0 a recommendation was found; 1 no point "
		    "is within the limits; 2 bad usage, or an invalid "
		    "scenario; 3 an error in tapelab.",
	};
	struct arguments a = {
		.request = { .seed = 1,
		    .seeds = TUNE_SEEDS_USUAL,
		    .points_max = TUNE_POINTS_USUAL },
	};
	int status = CMD_USAGE;

	if (cmd_parse(&argp, argc, argv, &a))
		status = tune_run(&a.request, &a.run);
	tune_request_clear(&a.request);
	if (signals_signal() != 0) {
		fflush(stdout);
		signals_die();
	}
	return status;
}

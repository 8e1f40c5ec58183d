/*
 * report.c: puts the shares of a sweep together, or compares two results.
 */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/option.h"
#include "sim/command/cmd.h"
#include "sim/command/compare.h"
#include "sim/command/tune/tune.h"
#include "sim/tune/answer/files.h"
#include "splitter/base/sentence.h"
#include "splitter/base/signals.h"

enum { MESSAGE_BYTES = 1024 };

struct arguments {
	struct tune_run run;
	struct compare_arguments compare;
	char **paths;
	size_t paths_count;
};

/* The shares that were read. */
struct shares {
	struct tune_journal_head head; /* of the first */
	const char *first;             /* its path */
	const char **paths;            /* of each share; NULL: missing */
	struct tune_records records;
	char err[MESSAGE_BYTES];
};

static void check_arguments(const struct arguments *a, struct argp_state *state)
{
	if (a->compare.changed && !a->compare.wanted)
		argp_error(state,
		    "--tolerance, --markdown and --fail-on need --compare");
	if (!a->compare.wanted)
		return;
	if (a->run.out != NULL || a->run.jobs != 0)
		argp_error(state, "--compare takes neither --out nor --jobs");
	if (a->paths_count != 2)
		argp_error(state,
		    "--compare takes two results: the baseline OLD and NEW");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	if (cmd_compare_parse(&a->compare, key, arg, state))
		return 0;
	switch (key) {
	case 'j':
		a->run.jobs = (unsigned)option_count("--jobs", arg, 1,
		    TUNE_JOBS_MAX, state);
		return 0;
	case 'o':
		a->run.out = option_name("--out", "folder", arg, state);
		return 0;
	case ARGP_KEY_ARGS:
		a->paths = state->argv + state->next;
		a->paths_count = (size_t)(state->argc - state->next);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state,
		    "name the folders of the shares, or with "
		    "--compare two results");
		return 0;
	case ARGP_KEY_END:
		check_arguments(a, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "out", 'o', "DIR", 0,
	    "write the answer, the report and all points into DIR", 0 },
	{ "jobs", 'j', "N", 0,
	    "runs at the same time (default: the processors)", 0 },
	COMPARE_OPTIONS, { 0 }
};

/* Checks that a share belongs to the first one. */
static int check(struct shares *s, const char *path,
    const struct tune_journal_head *head)
{
	if (strcmp(head->digest, s->head.digest) != 0 ||
	    head->shards != s->head.shards) {
		sentence(s->err, sizeof s->err,
		    "%s and %s do not belong together: they are of different "
		    "sweeps, or of different numbers of shares",
		    s->first, path);
		return -1;
	}
	if (s->paths[head->shard - 1] != NULL) {
		sentence(s->err, sizeof s->err,
		    "%s and %s are the same share, %u of %u",
		    s->paths[head->shard - 1], path, head->shard, head->shards);
		return -1;
	}
	s->paths[head->shard - 1] = path;
	return 0;
}

static int read_one(struct shares *s, const char *path)
{
	struct tune_journal_head head;
	int rc;

	if (tune_journal_read(path, &head, &s->records, s->err,
		sizeof s->err) != 0)
		return -1;
	if (s->first != NULL) {
		rc = check(s, path, &head);
		tune_journal_head_clear(&head);
		return rc;
	}
	s->first = path;
	s->head = head;
	s->paths = calloc(head.shards, sizeof *s->paths);
	if (s->paths == NULL) {
		snprintf(s->err, sizeof s->err, "out of memory");
		return -1;
	}
	return check(s, path, &s->head);
}

static int read_shares(struct shares *s, const struct arguments *a)
{
	for (size_t i = 0; i < a->paths_count; i++)
		if (read_one(s, a->paths[i]) != 0)
			return -1;
	for (unsigned i = 0; i < s->head.shards; i++) {
		if (s->paths[i] != NULL)
			continue;
		snprintf(s->err, sizeof s->err,
		    "share %u of %u is missing: run it with --shard %u/%u, or "
		    "name its folder",
		    i + 1, s->head.shards, i + 1, s->head.shards);
		return -1;
	}
	return 0;
}

static void print(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "%s\n", message);
}

static int fail(const char *message)
{
	fprintf(stderr, "tapelab: %s\n", message);
	return CMD_USAGE;
}

/* Checks that each share is complete; `plan` has all records. */
static int check_complete(struct shares *s, struct tune_plan *plan)
{
	struct tune_study *study = &plan->study;
	uint64_t missing = 0;

	study->shards = s->head.shards;
	for (study->shard = 1; study->shard <= study->shards && missing == 0;
	     study->shard++) {
		missing = tune_study_missing(study);
		if (missing > 0)
			snprintf(s->err, sizeof s->err,
			    "%s: share %u of %u is not complete, %" PRIu64
			    " points are missing; the same command of tapelab "
			    "tune continues it",
			    s->paths[study->shard - 1], study->shard,
			    study->shards, missing);
	}
	study->shard = study->shards = 1;
	return missing > 0 ? -1 : 0;
}

/* Gives the answer of the shares.  Returns the exit status. */
static int finish(struct shares *s, const struct tune_request *request,
    struct tune_plan *plan, const struct tune_run *run)
{
	if (strcmp(plan->digest, s->head.digest) != 0) {
		sentence(s->err, sizeof s->err,
		    "%s: the scenario %s has changed since the share was run, "
		    "or another version of tapelab ran it",
		    s->first, request->path);
		return fail(s->err);
	}
	plan->study.records = s->records;
	s->records = (struct tune_records){ .root = NULL };
	if (check_complete(s, plan) != 0)
		return fail(s->err);
	if (signals_begin_parent() != 0) {
		snprintf(s->err, sizeof s->err,
		    "cannot install signal handlers: %s", strerror(errno));
		return fail(s->err);
	}
	if (run->out != NULL &&
	    tune_files_prepare(run->out, s->err, sizeof s->err) != 0)
		return fail(s->err);
	return tune_finish(plan, run);
}

static int put_together(const struct arguments *a)
{
	struct shares s = { .first = NULL };
	struct tune_request request = { .path = NULL };
	struct tune_plan plan;
	int status = CMD_USAGE;

	if (read_shares(&s, a) != 0) {
		fail(s.err);
	} else if (tune_request_parse(s.head.arguments, &request) != 0) {
		sentence(s.err, sizeof s.err,
		    "%s: the head of the journal is damaged", s.first);
		fail(s.err);
	} else {
		if (tune_plan_make(&request, &plan, print, NULL) == 0) {
			tune_plan_use(&plan, a->run.jobs);
			status = finish(&s, &request, &plan, &a->run);
		}
		tune_plan_clear(&plan);
	}
	tune_request_clear(&request);
	tune_records_clear(&s.records);
	tune_journal_head_clear(&s.head);
	free(s.paths);
	return status;
}

int cmd_report(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "DIR...\n--compare OLD NEW",
		.doc =
		    "Puts the shares of a sweep together that tapelab tune "
		    "--shard has run, and gives the answer.  With --compare, "
		    "compares two results.json of tapelab run, or the "
		    "folders that have them.\n"
		    "\vThe scenario of a sweep must be where it was, seen "
		    "from the current folder.  Exit status: as of tapelab "
		    "tune; with --compare 0 no regression; 1 a regression; "
		    "2 a file cannot be read, is damaged or of another "
		    "format, or the results have no case in common.",
	};
	struct arguments a = { .compare = {
				   .options = comparison_defaults() } };
	int status = CMD_USAGE;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	status = a.compare.wanted
	    ? cmd_compare(&a.compare, a.paths[0], a.paths[1])
	    : put_together(&a);
	if (signals_signal() != 0) {
		fflush(stdout);
		signals_die();
	}
	return status;
}

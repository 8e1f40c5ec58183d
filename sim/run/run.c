/* run.c: runs a scenario. */
#include "sim/run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/rng.h"
#include "sim/run/measure/digest.h"
#include "sim/run/impl.h"
#include "sim/run/story.h"
#include "splitter/base/signals.h"

/* Returns whether all dumps are generated. */
static bool is_generated(const struct scenario *s)
{
	for (size_t i = 0; i < s->dumps_count; i++)
		if (!dump_is_generated(&s->dumps[i]))
			return false;
	return true;
}

static enum volume_payload payload_of(const struct run *r)
{
	if (r->options->figures_only && is_generated(r->scenario) &&
	    !scenario_needs_payload(r->scenario))
		return VOLUME_PAYLOAD_NONE;
	switch (r->scenario->payload) {
	case PAYLOAD_NONE:
		return VOLUME_PAYLOAD_NONE;
	case PAYLOAD_RAW:
		return VOLUME_PAYLOAD_RAW;
	case PAYLOAD_ZLIB:
		return VOLUME_PAYLOAD_ZLIB;
	default:
		return is_generated(r->scenario) && !r->options->real &&
			!scenario_needs_payload(r->scenario)
		    ? VOLUME_PAYLOAD_NONE
		    : VOLUME_PAYLOAD_RAW;
	}
}

/* Makes the library; in real time its drives take no time, or are paced. */
static struct library *make_library(const struct run *r)
{
	const struct run_options *o = r->options;
	bool paced = o->real && o->pace_permille > 0;
	struct library *library = workspace_library(r->workspace,
	    o->real && !paced ? WORKSPACE_INSTANT : WORKSPACE_MODEL);

	if (library != NULL && paced)
		library_set_pace(library, &pace_real_clock, o->pace_permille);
	return library;
}

static int run(struct run *r)
{
	int rc;

	if (r->results == NULL) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	r->results->traced = r->options->trace_below != NULL;
	r->payload = payload_of(r);
	r->workspace = workspace_new(r->scenario, r->payload, r->options->seed,
	    r->options->real, r->options->folder, r->err, r->err_bytes);
	if (r->workspace == NULL)
		return -1;
	r->folder = workspace_folder(r->workspace);
	r->library = make_library(r);
	if (r->library == NULL) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	r->strikes = strikes_new(r->scenario, r->results);
	if (r->strikes == NULL) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	strikes_watch(r->strikes, r->library, false);
	rc = run_make_dumps(r) == 0 ? together_run(r) : -1;
	run_close_traces(r);
	return rc == 0 ? run_conclude(r) : -1;
}

/* Returns the digest of the courses of all dumps. */
static void get_digest(const struct run *r, uint64_t digest[2])
{
	struct recorder_totals totals;

	digest[0] = digest[1] = 0;
	for (size_t i = 0; r->dumps != NULL && i < r->scenario->dumps_count;
	     i++) {
		if (r->dumps[i].recorder == NULL)
			continue;
		recorder_get_totals(r->dumps[i].recorder, &totals);
		digest[0] = random_next(digest[0], totals.digest[0]);
		digest[1] = random_next(digest[1], totals.digest[1]);
	}
}

/* Frees what the run owns, except the results. */
static void clear(struct run *r, const char *file)
{
	bool keep = r->options->keep_volumes;

	run_clear_dumps(r);
	library_free(r->library);
	strikes_free(r->strikes);
	if (r->workspace != NULL && keep)
		fprintf(stderr, "%s: the volumes are in %s\n", file,
		    workspace_folder(r->workspace));
	workspace_free(r->workspace, keep);
}

/* Runs the scenario once.  Sets `digest` to the digest of its course. */
static int run_once(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **results, uint64_t digest[2], char *err,
    size_t err_bytes)
{
	struct run r = { .scenario = scenario,
		.options = options,
		.err = err,
		.err_bytes = err_bytes };
	int rc;

	if (scenario->steps_count > 0) {
		digest[0] = digest[1] = 0;
		rc = story_run(scenario, name, file, options, results, err,
		    err_bytes);
		if (rc == 0 && options->check_determinism &&
		    (rc = digest_results(*results, digest)) != 0)
			snprintf(err, err_bytes, "out of memory");
		return rc;
	}
	r.results = run_new_results(&r, name, file);
	rc = run(&r);
	get_digest(&r, digest);
	if (rc == 0 && options->check_determinism &&
	    (rc = digest_results(r.results, digest)) != 0)
		snprintf(err, err_bytes, "out of memory");
	clear(&r, file);
	if (rc == 0)
		*results = r.results;
	else
		results_scenario_free(r.results);
	return rc;
}

/*
 * Records that the second run was interrupted, so determinism was not checked.
 */
static enum run_status set_not_compared(struct results_scenario *results,
    char *err, size_t err_bytes)
{
	char *problem = strdup("interrupted before a second run could be "
			       "compared with the first");

	if (problem == NULL) {
		snprintf(err, err_bytes, "out of memory");
		results_scenario_free(results);
		return RUN_IMPOSSIBLE;
	}
	free(results->problem);
	results->problem = problem;
	results->status = RESULTS_FAILED;
	return RUN_JUDGED;
}

enum run_status run_scenario(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **results, char *err, size_t err_bytes)
{
	struct run_options again = *options;
	struct results_scenario *other;
	uint64_t digest[2], second[2];
	char *folder;
	int rc;

	if (run_once(scenario, name, file, options, results, digest, err,
		err_bytes) != 0)
		return RUN_IMPOSSIBLE;
	if (!options->check_determinism || options->real ||
	    scenario_reads_stdin(scenario))
		return RUN_JUDGED;
	again.keep_volumes = again.show = false;
	again.trace_below = NULL;
	again.no_leap = true;
	/* The first run may keep its volumes: use another folder. */
	again.folder = folder =
	    workspace_make_folder(options->folder, err, err_bytes);
	rc = folder == NULL ? -1
			    : run_once(scenario, name, file, &again, &other,
				  second, err, err_bytes);
	if (folder != NULL)
		rmdir(folder);
	free(folder);
	if (rc == 0)
		results_scenario_free(other);
	if (signals_signal() != 0)
		return set_not_compared(*results, err, err_bytes);
	if (rc != 0) {
		results_scenario_free(*results);
		return RUN_IMPOSSIBLE;
	}
	if (digest[0] == second[0] && digest[1] == second[1])
		return RUN_JUDGED;
	snprintf(err, err_bytes,
	    "two runs from seed %llu took different courses: this is a fault "
	    "of tapelab, please report it",
	    (unsigned long long)options->seed);
	return RUN_BROKEN;
}

/* run.c: runs a scenario. */
#include "sim/run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/rng.h"
#include "sim/run/measure/digest.h"
#include "sim/run/impl.h"
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

/* Returns the models of the drives: "2 lto8, lto5-ibm"; NULL: no memory. */
static char *name_drives(const struct scenario *s)
{
	char *text = NULL;
	size_t bytes = 0, same;
	FILE *to = open_memstream(&text, &bytes);

	for (size_t i = 0; to != NULL && i < s->drives_count; i += same) {
		const char *name = s->drives[i]->name;

		for (same = 1; i + same < s->drives_count &&
		     strcmp(s->drives[i + same]->name, name) == 0;
		     same++)
			;
		fputs(i > 0 ? ", " : "", to);
		if (same > 1)
			fprintf(to, "%zu ", same);
		fputs(name, to);
	}
	if (to != NULL && fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}

static struct results_scenario *new_results(const struct run *r,
    const char *name, const char *file)
{
	struct results_scenario *s = calloc(1, sizeof *s);
	bool good;

	if (s == NULL)
		return NULL;
	s->name = strdup(name);
	s->title = strdup(r->scenario->title);
	s->file = strdup(file);
	s->clock = strdup(r->options->real ? "real" : "virtual");
	s->drives = name_drives(r->scenario);
	s->seed = r->options->seed;
	good = s->drives != NULL && s->name != NULL && s->title != NULL &&
	    s->file != NULL && s->clock != NULL;
	for (size_t i = 0; i < r->scenario->dumps_count && good; i++)
		good = results_add_dump(s, r->scenario->dumps[i].name, 1) == 0;
	if (good)
		return s;
	results_scenario_free(s);
	return NULL;
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

/*
 * Lists the barcodes of all volumes, if they are used again: the library gives
 * out only volumes that are blank or have expired.  Returns 0, or -1 without
 * memory.
 */
static int list_barcodes(struct run *r)
{
	const struct scenario *s = r->scenario;

	if (!scenario_has_retention(s))
		return 0;
	r->barcodes = calloc(s->volumes_count, sizeof *r->barcodes);
	if (r->barcodes == NULL)
		return -1;
	for (size_t i = 0; i < s->volumes_count; i++)
		r->barcodes[i] = s->volumes[i].barcode;
	return 0;
}

/* Makes the dumps, and what they share.  Returns 0, or -1 with a message. */
static int make_dumps(struct run *r)
{
	const struct scenario *s = r->scenario;

	snprintf(r->err, r->err_bytes, "out of memory");
	r->limit.bytes_per_s = s->source_bytes_per_s;
	r->bus.bytes_per_s = s->bus_bytes_per_s;
	r->dumps = calloc(s->dumps_count, sizeof *r->dumps);
	if (r->dumps == NULL || list_barcodes(r) != 0)
		return -1;
	if (scenario_shares_library(s)) {
		r->share = share_new(r->library, s->dumps_count,
		    r->options->real, r->options->pace_permille > 0);
		if (r->share == NULL)
			return -1;
	}
	/* Each dump has a thread in real time; an account has one. */
	if (!r->options->real ||
	    (r->options->pace_permille > 0 && s->dumps_count == 1)) {
		r->usage = usage_new(r->library, s->dumps_count);
		if (r->usage == NULL)
			return -1;
	}
	for (size_t i = 0; i < s->dumps_count; i++)
		if (dump_init(&r->dumps[i], r, i) != 0)
			return -1;
	return 0;
}

/* Closes the traces; the first error becomes the problem of the run. */
static void close_traces(struct run *r)
{
	char why[VOLUME_MESSAGE_BYTES];

	for (size_t i = 0; r->dumps != NULL && i < r->scenario->dumps_count;
	     i++) {
		if (trace_file_close(r->dumps[i].trace, why, sizeof why) != 0 &&
		    r->problem[0] == '\0')
			snprintf(r->problem, sizeof r->problem, "%s", why);
		r->dumps[i].trace = NULL;
	}
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
	rc = make_dumps(r) == 0 ? together_run(r) : -1;
	close_traces(r);
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

	for (size_t i = 0; r->dumps != NULL && i < r->scenario->dumps_count;
	     i++)
		dump_clear(&r->dumps[i]);
	free(r->dumps);
	usage_free(r->usage);
	free(r->barcodes);
	share_free(r->share);
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

	r.results = new_results(&r, name, file);
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

/* run.c: runs a scenario. */
#include "sim/run/run.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/rng.h"
#include "sim/run/digest.h"
#include "sim/run/execute.h"
#include "sim/run/impl.h"
#include "sim/run/trace_file.h"
#include "sim/setup/sources.h"
#include "splitter/base/signals.h"

/* Returns whether all dumps are generated. */
static bool is_generated(const struct scenario *s)
{
	for (size_t i = 0; i < s->dumps_count; i++)
		if (s->dumps[i].source != SOURCE_RANDOM &&
		    s->dumps[i].source != SOURCE_ZEROS)
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

/* Makes a valid name of a dump from the name of the scenario. */
static void name_dump(struct run *r, const char *name)
{
	size_t i;

	snprintf(r->dump, sizeof r->dump, "%s", name);
	for (i = 0; r->dump[i] != '\0'; i++)
		if (r->dump[i] <= ' ' || r->dump[i] > '~')
			r->dump[i] = '_';
	if (r->dump[0] == '\0')
		snprintf(r->dump, sizeof r->dump, "dump");
	assert(header_name_valid(r->dump));
	r->dump_id = rng_at(r->options->seed, RNG_DUMP_ID, 0);
}

static int execute(struct run *r)
{
	const struct run_options *o = r->options;
	struct trace_file *trace = NULL;
	char why[VOLUME_MESSAGE_BYTES];
	struct execute_config x = {
		.scenario = r->scenario,
		.seed = r->options->seed,
		.real = r->options->real,
		.keep = r->options->keep_volumes,
		.payload = r->options->real ||
		    r->payload != VOLUME_PAYLOAD_NONE ||
		    !is_generated(r->scenario),
		.dump = r->dump,
		.dump_id = r->dump_id,
		.piece_bytes = o->piece_bytes,
		.leaps = !o->no_leap,
		.leapt = o->leapt,
		.folder = workspace_folder(r->workspace),
		.library = library_tapes(r->library),
		.content = r->content,
		.recorder = r->recorder,
	};

	int rc;

	recorder_hide_folder(r->recorder, x.folder);
	if (o->show)
		recorder_show_progress(r->recorder);
	if (o->trace != NULL) {
		trace = trace_file_new(o->trace, o->trace_name, x.folder,
		    r->err, r->err_bytes);
		if (trace == NULL)
			return -1;
		x.line = trace_file_line;
		x.line_arg = trace;
		r->results->traced = true;
	}
	rc = execute_dump(&x, &r->outcome, r->problem, sizeof r->problem,
	    r->err, r->err_bytes);
	if (trace_file_close(trace, why, sizeof why) != 0 &&
	    r->problem[0] == '\0')
		snprintf(r->problem, sizeof r->problem, "%s", why);
	return rc;
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

	if (s == NULL)
		return NULL;
	s->name = strdup(name);
	s->title = strdup(r->scenario->title);
	s->file = strdup(file);
	s->clock = strdup(r->options->real ? "real" : "virtual");
	s->drives = name_drives(r->scenario);
	s->seed = r->options->seed;
	if (s->drives == NULL || s->name == NULL || s->title == NULL ||
	    s->file == NULL || s->clock == NULL ||
	    results_add_dump(s, "", 1) != 0) {
		results_scenario_free(s);
		return NULL;
	}
	return s;
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
	if (r->results == NULL) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	if (r->scenario->dumps_count > 1) {
		snprintf(r->err, r->err_bytes,
		    "several dumps cannot be run yet");
		return -1;
	}
	r->payload = payload_of(r);
	r->content = sources_content(r->scenario, 0, r->options->seed, r->err,
	    r->err_bytes);
	if (r->content == NULL)
		return -1;
	r->workspace = workspace_new(r->scenario, r->payload, r->options->seed,
	    r->options->real, r->options->folder, r->err, r->err_bytes);
	if (r->workspace == NULL)
		return -1;
	r->library = make_library(r);
	r->recorder = recorder_new(&r->results->dumps[0],
	    is_generated(r->scenario) ? r->scenario->dumps[0].size_bytes
				      : UINT64_MAX);
	if (r->library == NULL || r->recorder == NULL ||
	    recorder_watch(r->recorder, r->library, r->scenario->move_ns,
		r->scenario->dumps[0].splitter.block_bytes) != 0) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	if (execute(r) != 0)
		return -1;
	return run_conclude(r);
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
	struct recorder_totals totals = { .digest = { 0, 0 } };
	int rc;

	name_dump(&r, name);
	r.results = new_results(&r, name, file);
	rc = run(&r);
	if (r.recorder != NULL)
		recorder_get_totals(r.recorder, &totals);
	digest[0] = totals.digest[0];
	digest[1] = totals.digest[1];
	if (rc == 0 && options->check_determinism &&
	    (rc = digest_results(r.results, digest)) != 0)
		snprintf(err, err_bytes, "out of memory");
	library_free(r.library);
	if (r.workspace != NULL && options->keep_volumes)
		fprintf(stderr, "%s: the volumes are in %s\n", file,
		    workspace_folder(r.workspace));
	workspace_free(r.workspace, options->keep_volumes);
	content_close(r.content);
	recorder_free(r.recorder);
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
	again.trace = NULL;
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

/* run.c: runs one scenario and judges it. */
#include "sim/run/run.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/source/content.h"
#include "sim/run/execute.h"
#include "splitter/base/signals.h"
#include "sim/run/measure.h"
#include "sim/run/recorder.h"
#include "sim/run/verify.h"
#include "sim/setup/sources.h"
#include "sim/base/rng.h"
#include "sim/run/trace_file.h"
#include "sim/base/text.h"
#include "sim/setup/workspace.h"

/* One run, and all that it owns. */
struct run {
	const struct scenario *scenario;
	const struct run_options *options;
	char dump[HEADER_NAME_BYTES];
	uint64_t dump_id;
	enum volume_payload payload;
	struct workspace *workspace;
	struct library *library;
	struct content *content;
	struct recorder *recorder;
	struct results_scenario *into;
	struct dump_run_outcome outcome;
	enum verify_result restored;
	char trouble[VOLUME_MESSAGE_BYTES]; /* "" : none */
	char *err;
	size_t err_bytes;
};

static bool is_generated(const struct scenario *s)
{
	return s->source == SOURCE_RANDOM || s->source == SOURCE_ZEROS;
}

static enum volume_payload payload_of(const struct run *r)
{
	switch (r->scenario->payload) {
	case PAYLOAD_NONE:
		return VOLUME_PAYLOAD_NONE;
	case PAYLOAD_RAW:
		return VOLUME_PAYLOAD_RAW;
	case PAYLOAD_ZLIB:
		return VOLUME_PAYLOAD_ZLIB;
	default:
		return is_generated(r->scenario) && !r->options->real &&
			!scenario_deflates(r->scenario)
		    ? VOLUME_PAYLOAD_NONE
		    : VOLUME_PAYLOAD_RAW;
	}
}

/* A name for the dump that a header takes, whatever the file is called. */
static void name_dump(struct run *r, const char *name)
{
	size_t i;

	snprintf(r->dump, sizeof r->dump, "%s", name);
	for (i = 0; r->dump[i] != '\0'; i++)
		if (r->dump[i] <= ' ' || r->dump[i] > '~')
			r->dump[i] = '_';
	if (r->dump[0] == '\0')
		snprintf(r->dump, sizeof r->dump, "dump");
	assert(header_name_ok(r->dump));
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
		r->into->traced = true;
	}
	rc = execute_dump(&x, &r->outcome, r->trouble, sizeof r->trouble,
	    r->err, r->err_bytes);
	if (trace_file_close(trace, why, sizeof why) != 0 &&
	    r->trouble[0] == '\0')
		snprintf(r->trouble, sizeof r->trouble, "%s", why);
	return rc;
}

static struct results_scenario *begin_record(const struct run *r,
    const char *name, const char *file)
{
	struct results_scenario *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->name = strdup(name);
	s->title = strdup(r->scenario->title);
	s->file = strdup(file);
	s->clock = strdup(r->options->real ? "real" : "virtual");
	s->seed = r->options->seed;
	if (s->name == NULL || s->title == NULL || s->file == NULL ||
	    s->clock == NULL) {
		results_scenario_free(s);
		return NULL;
	}
	return s;
}

static void note_trouble(struct run *r, const char *message)
{
	text_without(message, workspace_folder(r->workspace), r->trouble,
	    sizeof r->trouble);
}

/* No fault of a tape: this machine failed a volume.  Whether it did. */
static bool note_lost(struct run *r)
{
	struct library_volume v;
	bool lost = false;
	size_t i;

	for (i = 0; i < library_volume_count(r->library); i++) {
		library_volume_get(r->library, i, &v);
		if (v.lost[0] != '\0' && r->trouble[0] == '\0')
			note_trouble(r, v.lost);
		lost |= v.lost[0] != '\0';
	}
	return lost;
}

/* The scenario asks for no failure of what stores the volumes. */
static bool is_stored(const struct scenario *s)
{
	for (size_t i = 0; i < s->faults_count; i++)
		if (s->faults[i].cause == TAPE_STORAGE_FAILED)
			return false;
	return true;
}

/* What the library knows of the volumes that were used. */
static void note_volumes(struct run *r)
{
	struct library_volume v;
	size_t i, j;

	for (i = 0; i < library_volume_count(r->library); i++) {
		library_volume_get(r->library, i, &v);
		for (j = 0; j < r->into->volumes_count; j++) {
			struct results_volume *to = &r->into->volumes[j];

			if (strcmp(to->barcode, v.barcode) != 0)
				continue;
			to->written_bytes = v.end.byte;
			to->capacity_bytes = scenario_capacity(r->scenario, i);
		}
	}
}

/* Reads the volumes back, with drives that take no time. */
static int read_back(struct run *r, char *why, size_t why_bytes)
{
	struct verify_config restore = {
		.attempts = r->into,
		.content = r->content,
		.dump = r->dump,
		.dump_id = r->dump_id,
		.block_bytes = r->scenario->block_bytes,
	};

	library_free(r->library);
	r->library = workspace_library(r->workspace, WORKSPACE_READ_BACK);
	if (r->library == NULL)
		return -1;
	restore.library = r->library;
	r->restored = verify_dump(&restore, why, why_bytes);
	if (r->restored == VERIFY_DIFFERENT && note_lost(r))
		r->restored = VERIFY_UNKNOWN;
	return 0;
}

/* Whether the scenario spoils what is safe, and says so. */
static bool expects_difference(const struct scenario *s)
{
	for (size_t i = 0; i < s->expects_count; i++) {
		const struct metrics_expect *e = &s->expects[i];

		if (e->id == METRIC_RESTORED && e->op == METRICS_EQ &&
		    strcmp(e->value.text, "different") == 0)
			return true;
	}
	return false;
}

/* Everything after the transfer: results, reading back, judgement. */
static int conclude(struct run *r)
{
	struct results_scenario *s = r->into;
	struct recorder_totals sums;
	char why[TAPE_MESSAGE_BYTES] = "", reason[TAPE_MESSAGE_BYTES];
	bool stopped =
	    signals_signal() != 0 && r->outcome.outcome != SPLITTER_DONE;
	char *problem;

	r->restored = VERIFY_UNKNOWN;
	recorder_get_totals(r->recorder, &sums);
	if (sums.out_of_memory) { /* what was noted has gaps */
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	note_volumes(r);
	note_lost(r);
	if (r->outcome.cause == TAPE_STORAGE_FAILED && r->trouble[0] == '\0' &&
	    is_stored(r->scenario))
		note_trouble(r, r->outcome.message);
	s->safe_bytes = r->outcome.safe_bytes;
	s->duration_ns = r->outcome.duration_ns;
	s->buffer_bytes = r->outcome.ring_bytes;
	s->outcome = strdup(splitter_outcome_name(r->outcome.outcome));
	text_without(r->outcome.message, workspace_folder(r->workspace), reason,
	    sizeof reason);
	s->reason = strdup(reason);
	if (s->outcome == NULL || s->reason == NULL ||
	    (!stopped && read_back(r, why, sizeof why) != 0) ||
	    measure_run(r->scenario, &r->outcome, &sums, r->restored, s) != 0) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	if (stopped)
		snprintf(r->trouble, sizeof r->trouble,
		    "interrupted: %" PRIu64
		    " bytes are safe, and were not read back",
		    s->safe_bytes);
	/* What is called safe and is not there is wrong, unless it is meant. */
	if (r->trouble[0] == '\0' &&
	    (r->restored == VERIFY_UNKNOWN ||
		(r->restored == VERIFY_DIFFERENT &&
		    !expects_difference(r->scenario))))
		snprintf(r->trouble, sizeof r->trouble, "%s", why);
	problem = strdup(r->trouble);
	if (problem == NULL) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	s->problem = problem;
	if (problem[0] != '\0')
		s->status = RESULTS_FAILED;
	return 0;
}

static int run(struct run *r)
{
	if (r->into == NULL) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	r->payload = payload_of(r);
	r->content = sources_content(r->scenario, r->options->seed, r->err,
	    r->err_bytes);
	if (r->content == NULL)
		return -1;
	r->workspace = workspace_new(r->scenario, r->payload, r->options->seed,
	    r->options->real, r->options->folder, r->err, r->err_bytes);
	if (r->workspace == NULL)
		return -1;
	r->library = workspace_library(r->workspace,
	    r->options->real ? WORKSPACE_INSTANT : WORKSPACE_MODEL);
	r->recorder = recorder_new(r->into);
	if (r->library == NULL || r->recorder == NULL) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	if (execute(r) != 0)
		return -1;
	return conclude(r);
}

/* One run from beginning to end; its trace in `trace`. */
static int run_once(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **record, uint64_t trace[2], char *err,
    size_t err_bytes)
{
	struct run r = { .scenario = scenario,
		.options = options,
		.err = err,
		.err_bytes = err_bytes };
	struct recorder_totals sums = { .trace = { 0, 0 } };
	int rc;

	name_dump(&r, name);
	r.into = begin_record(&r, name, file);
	rc = run(&r);
	if (r.recorder != NULL)
		recorder_get_totals(r.recorder, &sums);
	trace[0] = sums.trace[0];
	trace[1] = sums.trace[1];
	library_free(r.library);
	if (r.workspace != NULL && options->keep_volumes)
		fprintf(stderr, "%s: the volumes are in %s\n", file,
		    workspace_folder(r.workspace));
	workspace_free(r.workspace, options->keep_volumes);
	content_close(r.content);
	recorder_free(r.recorder);
	if (rc == 0)
		*record = r.into;
	else
		results_scenario_free(r.into);
	return rc;
}

/* The second run has not come to its end: nothing is known of it. */
static enum run_status note_not_compared(struct results_scenario *record,
    char *err, size_t err_bytes)
{
	char *problem = strdup("interrupted before a second run could be "
			       "compared with the first");

	if (problem == NULL) {
		snprintf(err, err_bytes, "out of memory");
		results_scenario_free(record);
		return RUN_IMPOSSIBLE;
	}
	free(record->problem);
	record->problem = problem;
	record->status = RESULTS_FAILED;
	return RUN_JUDGED;
}

enum run_status run_scenario(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **record, char *err, size_t err_bytes)
{
	struct run_options again = *options;
	struct results_scenario *other;
	uint64_t trace[2], second[2];
	char *folder;
	int rc;

	if (run_once(scenario, name, file, options, record, trace, err,
		err_bytes) != 0)
		return RUN_IMPOSSIBLE;
	if (!options->check_determinism || options->real ||
	    scenario->source == SOURCE_STDIN)
		return RUN_JUDGED;
	again.keep_volumes = again.show = false;
	again.trace = NULL;
	/* The first may be kept. */
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
		return note_not_compared(*record, err, err_bytes);
	if (rc != 0) {
		results_scenario_free(*record);
		return RUN_IMPOSSIBLE;
	}
	if (trace[0] == second[0] && trace[1] == second[1])
		return RUN_JUDGED;
	snprintf(err, err_bytes,
	    "two runs from seed %llu took different "
	    "courses: this is a fault of tapelab, please report it",
	    (unsigned long long)options->seed);
	return RUN_BROKEN;
}

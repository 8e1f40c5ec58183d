/* run.c: runs one scenario and judges it. */
#include "sim/run.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/content.h"
#include "sim/interrupt.h"
#include "sim/measure.h"
#include "sim/produce.h"
#include "sim/record.h"
#include "sim/restore.h"
#include "sim/rng.h"
#include "sim/vtime.h"
#include "sim/workspace.h"

/* The enums of the format are those of the core, in the same order. */
static_assert((int)CACHE_SLICES == (int)CORE_CACHE_SLICES &&
    (int)CACHE_MEMORY == (int)CORE_CACHE_MEMORY, "caches");
static_assert((int)STREAMING_REQUIRED == (int)CORE_STREAMING_REQUIRED &&
    (int)STREAMING_DESIRED == (int)CORE_STREAMING_DESIRED, "streaming");

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
	struct record *record;
	struct results_scenario *into;
	struct transfer_config config;
	struct transfer_outcome outcome;
	bool restored;
	char trouble[VOLUME_MESSAGE_BYTES];	/* "" : none */
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
	default:
		return is_generated(r->scenario) && !r->options->real ?
		    VOLUME_PAYLOAD_NONE : VOLUME_PAYLOAD_RAW;
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

static void configure(struct run *r)
{
	const struct scenario *s = r->scenario;

	r->config.core = (struct core_config) {
		.block_bytes = s->block_bytes, .part_bytes = s->part_bytes,
		.buffer_bytes = s->buffer_bytes,
		.start_fill_bytes = s->buffer_bytes / 100 *
		    s->start_fill_percent + s->buffer_bytes % 100 *
		    s->start_fill_percent / 100,
		.cache = s->cache,
		.streaming = s->has_streaming ? (uint32_t)s->streaming :
		    CORE_STREAMING_NONE,
		.max_volumes = s->max_volumes,
		.max_failed_volumes = s->max_failed_volumes,
	};
	r->config.writer = (struct writer_config) {
		.dump = r->dump, .dump_id = r->dump_id,
		.block_bytes = s->block_bytes, .label_blank = true,
		.can_replay = s->cache != CACHE_NONE,
		.library = library_tapes(r->library),
	};
	record_listen(r->record, &r->config);
	if (r->options->show)
		record_show(r->record);
}

static struct feed feed_of(const struct run *r)
{
	return (struct feed) {
		.has_rate = r->scenario->has_rate,
		.min_bytes_per_s = r->scenario->rate_min_bytes_per_s,
		.max_bytes_per_s = r->scenario->rate_max_bytes_per_s,
		.seed = r->options->seed,
	};
}

static int64_t read_content(void *arg, void *buf, uint64_t bytes)
{
	struct run *r = arg;

	if (interrupt_signal() != 0) {
		snprintf(r->trouble, sizeof r->trouble, "interrupted");
		return -1;
	}
	return content_read(r->content, buf, bytes, r->trouble,
	    sizeof r->trouble);
}

static int execute(struct run *r)
{
	struct feed feed = feed_of(r);
	struct vtime_config v = {
		.transfer = r->config, .feed = feed,
		.read = read_content, .read_arg = r,
		.size_bytes = is_generated(r->scenario) ?
		    r->scenario->size_bytes : UINT64_MAX,
		.payload = r->payload == VOLUME_PAYLOAD_RAW ||
		    !is_generated(r->scenario),
		.cancel_ns = -1,
	};

	if (r->options->real)
		return produce_run(&r->config, &feed, r->content,
		    &r->outcome, r->trouble, sizeof r->trouble, r->err,
		    r->err_bytes);
	return vtime_run(&v, &r->outcome, r->err, r->err_bytes);
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

/* A message without the temporary folder, whose name says nothing. */
static void note_trouble(struct run *r, const char *message)
{
	const char *folder = workspace_folder(r->workspace);
	const char *at = strstr(message, folder);
	size_t n = at != NULL ? (size_t)(at - message) : 0;
	size_t skip = at != NULL ? strlen(folder) + 1 : 0;

	snprintf(r->trouble, sizeof r->trouble, "%.*s%s", (int)n, message,
	    message + n + skip);
}

/* What the library knows of the volumes that were used. */
static void note_volumes(struct run *r)
{
	struct library_volume v;
	size_t i, j;

	for (i = 0; i < library_volume_count(r->library); i++) {
		library_volume_get(r->library, i, &v);
		/* No fault of a tape: this machine failed the volume. */
		if (v.lost[0] != '\0' && r->trouble[0] == '\0')
			note_trouble(r, v.lost);
		for (j = 0; j < r->into->volumes_count; j++) {
			struct results_volume *to = &r->into->volumes[j];

			if (strcmp(to->barcode, v.barcode) != 0)
				continue;
			to->written_bytes = v.end.byte;
			to->capacity_bytes =
			    r->scenario->volumes[i].capacity_bytes;
		}
	}
}

/* Reads the volumes back, with drives that take no time. */
static int read_back(struct run *r, char *why, size_t why_bytes)
{
	struct restore restore = {
		.attempts = r->into, .content = r->content, .dump = r->dump,
		.dump_id = r->dump_id,
		.block_bytes = r->scenario->block_bytes,
	};

	library_free(r->library);
	r->library = workspace_library(r->workspace, true);
	if (r->library == NULL)
		return -1;
	restore.library = r->library;
	r->restored = restore_same(&restore, why, why_bytes);
	return 0;
}

/* Everything after the transfer: results, reading back, judgement. */
static int conclude(struct run *r)
{
	struct results_scenario *s = r->into;
	struct record_sums sums;
	char why[TAPE_MESSAGE_BYTES] = "";
	char *problem;

	record_sums(r->record, &sums);
	note_volumes(r);
	s->safe_bytes = r->outcome.safe_bytes;
	s->duration_ns = r->outcome.duration_ns;
	s->buffer_bytes = r->outcome.ring_bytes;
	s->outcome = strdup(core_outcome_name(r->outcome.outcome));
	s->reason = strdup(r->outcome.message);
	if (s->outcome == NULL || s->reason == NULL || sums.out_of_memory ||
	    read_back(r, why, sizeof why) != 0 ||
	    measure_run(r->scenario, &r->outcome, &sums, r->restored,
	    s) != 0) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	if (interrupt_signal() != 0 &&
	    r->outcome.outcome != CORE_OUTCOME_DONE)
		snprintf(r->trouble, sizeof r->trouble, "interrupted: %" PRIu64
		    " bytes are safe", s->safe_bytes);
	/* What is called safe and is not there is wrong, expected or not. */
	if (r->trouble[0] == '\0' && !r->restored)
		snprintf(r->trouble, sizeof r->trouble, "%s", why);
	problem = strdup(r->trouble);
	if (problem == NULL)
		return -1;
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
	r->content = content_open(r->scenario, r->options->seed, r->err,
	    r->err_bytes);
	if (r->content == NULL)
		return -1;
	r->workspace = workspace_new(r->scenario, r->payload,
	    r->options->real, r->err, r->err_bytes);
	if (r->workspace == NULL)
		return -1;
	r->library = workspace_library(r->workspace, r->options->real);
	r->record = record_new(r->into);
	if (r->library == NULL || r->record == NULL) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	configure(r);
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
	struct run r = { .scenario = scenario, .options = options,
		.err = err, .err_bytes = err_bytes };
	struct record_sums sums = { .trace = { 0, 0 } };
	int rc;

	name_dump(&r, name);
	r.into = begin_record(&r, name, file);
	rc = run(&r);
	if (r.record != NULL)
		record_sums(r.record, &sums);
	trace[0] = sums.trace[0];
	trace[1] = sums.trace[1];
	library_free(r.library);
	if (r.workspace != NULL && options->keep)
		fprintf(stderr, "%s: the volumes are in %s\n", file,
		    workspace_folder(r.workspace));
	workspace_free(r.workspace, options->keep);
	content_close(r.content);
	record_free(r.record);
	if (rc == 0)
		*record = r.into;
	else
		results_scenario_free(r.into);
	return rc;
}

enum run_status run_scenario(const struct scenario *scenario,
    const char *name, const char *file, const struct run_options *options,
    struct results_scenario **record, char *err, size_t err_bytes)
{
	struct run_options again = *options;
	struct results_scenario *other;
	uint64_t trace[2], second[2];

	if (run_once(scenario, name, file, options, record, trace, err,
	    err_bytes) != 0)
		return RUN_IMPOSSIBLE;
	if (!options->twice || options->real ||
	    scenario->source == SOURCE_STDIN)
		return RUN_JUDGED;
	again.keep = again.show = false;
	if (run_once(scenario, name, file, &again, &other, second, err,
	    err_bytes) != 0) {
		results_scenario_free(*record);
		return RUN_IMPOSSIBLE;
	}
	results_scenario_free(other);
	if (trace[0] == second[0] && trace[1] == second[1])
		return RUN_JUDGED;
	snprintf(err, err_bytes, "two runs from seed %llu took different "
	    "courses: this is a fault of tapelab, please report it",
	    (unsigned long long)options->seed);
	return RUN_BROKEN;
}

/* plan.c: checks a request, and makes a study of it; request.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "sim/tune/request.h"
#include "splitter/api/splitter.h"
#include "splitter/base/sentence.h"

enum { MESSAGE_BYTES = 1024 };

struct making {
	const struct tune_request *request;
	struct tune_plan *plan;
	void (*report)(void *arg, const char *message);
	void *arg;
};

/* Reports an error.  Returns -1. */
static int __attribute__((format(printf, 2, 3)))
fail(const struct making *m, const char *format, ...)
{
	char message[MESSAGE_BYTES];
	va_list args;

	va_start(args, format);
	sentence_v(message, sizeof message, format, args);
	va_end(args);
	m->report(m->arg, message);
	return -1;
}

static int read_scenario(const struct making *m)
{
	const struct tune_request *r = m->request;
	struct tune_plan *plan = m->plan;
	char err[512];

	plan->overrides = (struct scenario_overrides){
		.list = (const char *const *)r->set.list,
		.count = r->set.count,
	};
	plan->scenario =
	    scenario_read_with(r->path, &plan->overrides, m->report, m->arg);
	if (plan->scenario == NULL)
		return -1;
	if (scenario_reads_stdin(plan->scenario))
		return fail(m,
		    "%s: the dump comes from standard input, which can be read "
		    "once; use source: random with a size and a rate",
		    r->path);
	plan->study.base = (struct tune_base){
		.path = r->path,
		.overrides = &plan->overrides,
		.scenario = plan->scenario,
		.facts = &plan->facts,
	};
	if (tune_facts_read(plan->scenario, &plan->facts, err, sizeof err) != 0)
		return fail(m, "%s", err);
	tune_settings_of(plan->scenario, &plan->study.base.settings);
	plan->study.sweep.base = plan->study.base.settings;
	return 0;
}

static int vary(const struct making *m)
{
	const struct tune_request *r = m->request;
	struct tune_sweep *sweep = &m->plan->study.sweep;
	char err[512];
	uint64_t points;

	for (size_t i = 0; i < r->vary.count; i++)
		if (tune_sweep_add(sweep, r->vary.list[i], err, sizeof err) !=
		    0)
			return fail(m, "--vary %s: %s", r->vary.list[i], err);
	if (tune_sweep_is_empty(sweep))
		return fail(m,
		    "nothing to vary: name at least one setting with two or "
		    "more values, such as --vary buffer=32MiB..4GiB");
	points = tune_sweep_points(sweep);
	if (points <= r->points_max)
		return 0;
	if (points > TUNE_POINTS_MAX)
		return fail(m,
		    "the sweep has %s%" PRIu64
		    " points, and more than %d are never run; vary fewer "
		    "settings, or list fewer values",
		    points == UINT64_MAX ? "more than " : "", points,
		    TUNE_POINTS_MAX);
	return fail(m,
	    "the sweep has %" PRIu64 " points, and at most %" PRIu64
	    " are allowed; vary fewer settings, or allow them with "
	    "--max-points=%" PRIu64,
	    points, r->points_max, points);
}

/* `drives` is the number of drives of one model, for several dumps. */
static int check_drives(const struct making *m)
{
	const struct scenario *s = m->plan->scenario;
	const struct tune_study *study = &m->plan->study;

	if (study->sweep.values[TUNE_DRIVES].count > 1 && s->dumps_count == 1 &&
	    !s->load_ahead)
		return fail(m,
		    "drives: the one dump of %s uses one drive at a time; list "
		    "several dumps (dumps), or load the next volume ahead "
		    "(load_ahead)",
		    m->request->path);

	if (study->sweep.values[TUNE_DRIVES].count == 0 &&
	    study->now.value[TUNE_DRIVES] ==
		study->base.settings.value[TUNE_DRIVES])
		return 0;
	for (size_t i = 1; i < s->drives_count; i++)
		if (s->drives[i] != s->drives[0])
			return fail(m,
			    "drives: the drives of %s are of several models; "
			    "only the number of equal drives can be varied",
			    m->request->path);
	return 0;
}

/* Sets what a dump has for a setting of the splitter. */
static void splitter_values(const struct scenario_splitter *p,
    uint64_t values[TUNE_AXES])
{
	values[TUNE_BLOCK] = p->block_bytes;
	values[TUNE_BUFFER] = p->buffer_bytes;
	values[TUNE_PART] = p->part_bytes;
	values[TUNE_CACHE] = p->cache;
	values[TUNE_START_FILL] = p->has_streaming ? p->start_fill_percent : 0;
}

/* A setting that a dump has for itself would not change with the sweep. */
static int check_dumps(const struct making *m)
{
	static const enum tune_axis own[] = { TUNE_BLOCK, TUNE_BUFFER,
		TUNE_PART, TUNE_CACHE, TUNE_START_FILL };
	const struct scenario *s = m->plan->scenario;
	uint64_t common[TUNE_AXES], values[TUNE_AXES];

	splitter_values(&s->splitter, common);
	for (size_t d = 0; d < s->dumps_count; d++) {
		splitter_values(&s->dumps[d].splitter, values);
		for (size_t i = 0; i < sizeof own / sizeof *own; i++)
			if (m->plan->study.sweep.values[own[i]].count > 0 &&
			    values[own[i]] != common[own[i]])
				return fail(m,
				    "%s: the dump %s has a %s of its own, "
				    "which the sweep would not vary; remove it "
				    "from the splitter of the dump",
				    m->request->path, s->dumps[d].name,
				    tune_axis_name(own[i]));
	}
	return 0;
}

static int set_now(const struct making *m)
{
	struct tune_study *study = &m->plan->study;
	bool given[TUNE_AXES] = { false };
	char *copy, *item, *rest = NULL, err[512];

	study->now = study->base.settings;
	study->has_now = m->request->now != NULL;
	if (!study->has_now)
		return 0;
	copy = strdup(m->request->now);
	if (copy == NULL)
		return fail(m, "out of memory");
	for (item = strtok_r(copy, ",", &rest); item != NULL;
	     item = strtok_r(NULL, ",", &rest)) {
		struct tune_values values = { .list = NULL };
		const char *text;
		enum tune_axis axis;
		int rc = tune_axis_find(item, &axis, &text, err, sizeof err);

		if (rc == 0 && text == NULL) {
			snprintf(err, sizeof err, "%s: the value is missing",
			    item);
			rc = -1;
		}
		if (rc == 0)
			rc = tune_axis_parse(axis, text, &values, err,
			    sizeof err);
		if (rc == 0 && values.count != 1) {
			snprintf(err, sizeof err, "%s: give one value", item);
			rc = -1;
		}
		if (rc == 0 && given[axis]) {
			snprintf(err, sizeof err, "%s is given twice",
			    tune_axis_name(axis));
			rc = -1;
		}
		if (rc == 0) {
			given[axis] = true;
			study->now.value[axis] = values.list[0];
		}
		free(values.list);
		if (rc != 0) {
			free(copy);
			return fail(m, "--now: %s", err);
		}
	}
	free(copy);
	return 0;
}

/* Where nothing takes time, all settings are the same. */
static int check_time(const struct making *m)
{
	const struct scenario *s = m->plan->scenario;

	for (size_t i = 0; i < s->drives_count; i++)
		if (s->drives[i]->media[0].speeds > 0)
			return 0;
	for (size_t i = 0; i < s->dumps_count; i++)
		if (s->dumps[i].feed.kind != FEED_UNLIMITED)
			return 0;
	return fail(m,
	    "%s: neither the drive nor the source takes time, so no setting "
	    "has an effect; name the model of a drive (tapelab drives)",
	    m->request->path);
}

/* Whether the sweep has a block above the usual limit. */
static bool asks_for_block(const struct tune_sweep *sweep)
{
	const struct tune_values *v = &sweep->values[TUNE_BLOCK];

	return v->count > 0 && v->list[v->count - 1] > TUNE_BLOCK_USUAL;
}

static int set_question(const struct making *m)
{
	const struct tune_request *r = m->request;
	struct tune_study *study = &m->plan->study;
	struct tune_question *q = &study->question;
	uint64_t within = r->within_permyriad;
	char err[512];

	q->goal = (enum tune_goal)r->goal;
	q->dumps = m->plan->scenario->dumps_count;
	if (within == 0)
		within = q->goal == TUNE_GOAL_MEMORY ? 500 : 100;
	q->tolerance = (double)within / 10000;
	for (size_t i = 0; i < r->limits.count; i++)
		if (tune_limit_parse(&q->limits, r->limits.list[i], err,
			sizeof err) != 0)
			return fail(m, "--limit %s: %s", r->limits.list[i],
			    err);
	m->plan->block_asked =
	    asks_for_block(&study->sweep) && !q->limits.given[TUNE_LIMIT_BLOCK];
	if (m->plan->block_asked) {
		q->limits.given[TUNE_LIMIT_BLOCK] = true;
		q->limits.value[TUNE_LIMIT_BLOCK] = TUNE_BLOCK_USUAL;
	}
	study->seed = r->seed;
	study->seeds = r->seeds;
	study->jobs = study->shard = study->shards = 1;
	return 0;
}

/*
 * Sets the digest of the scenario's file, the profile of the drive, the request
 * and the version.
 */
static int set_digest(const struct making *m)
{
	char *text = tune_request_text(m->request), buf[4096];
	XXH3_state_t *state = XXH3_createState();
	FILE *file = fopen(m->request->path, "re");
	const char *why = file == NULL ? strerror(errno) : NULL;
	XXH128_hash_t hash;
	char *digest = NULL;
	size_t n;
	int rc = -1;

	if (text != NULL && state != NULL && file != NULL) {
		XXH3_128bits_reset(state);
		while ((n = fread(buf, 1, sizeof buf, file)) > 0)
			XXH3_128bits_update(state, buf, n);
		XXH3_128bits_update(state, text, strlen(text));
		for (size_t i = 0; i < m->plan->facts.count; i++)
			XXH3_128bits_update(state, m->plan->facts.list[i].value,
			    strlen(m->plan->facts.list[i].value) + 1);
		XXH3_128bits_update(state, SPLITTER_VERSION,
		    strlen(SPLITTER_VERSION));
		hash = XXH3_128bits_digest(state);
		if (ferror(file))
			why = strerror(errno);
		if (why == NULL)
			rc =
			    asprintf(&digest, "%016" PRIx64 "%016" PRIx64,
				(uint64_t)hash.high64, (uint64_t)hash.low64) < 0
			    ? -1
			    : 0;
	}
	free(text);
	XXH3_freeState(state);
	if (file != NULL)
		fclose(file);
	if (rc == 0) {
		m->plan->digest = digest;
		return 0;
	}
	return why != NULL
	    ? fail(m, "%s: cannot read it again: %s", m->request->path, why)
	    : fail(m, "out of memory");
}

int tune_plan_make(const struct tune_request *request, struct tune_plan *plan,
    void (*report)(void *arg, const char *message), void *arg)
{
	const struct making m = {
		.request = request, .plan = plan, .report = report, .arg = arg
	};

	*plan = (struct tune_plan){ .scenario = NULL };
	return read_scenario(&m) == 0 && vary(&m) == 0 && set_now(&m) == 0 &&
		check_time(&m) == 0 && check_drives(&m) == 0 &&
		check_dumps(&m) == 0 && set_question(&m) == 0 &&
		set_digest(&m) == 0
	    ? 0
	    : -1;
}

void tune_plan_clear(struct tune_plan *plan)
{
	tune_study_clear(&plan->study);
	tune_sweep_clear(&plan->study.sweep);
	tune_facts_clear(&plan->facts);
	scenario_free(plan->scenario);
	free(plan->digest);
}

/* task.c: runs a task; see task.h. */
#include "sim/tune/points/task.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/run.h"
#include "sim/source/feed.h"
#include "sim/tune/points/doubt.h"
#include "splitter/base/signals.h"

enum { MESSAGE_BYTES = 1024 };

/* Where a message goes. */
struct place {
	char *err;
	size_t err_bytes;
};

/* Keeps the first message. */
static void keep(void *arg, const char *message)
{
	const struct place *place = arg;

	if (*place->err == '\0')
		snprintf(place->err, place->err_bytes, "%s", message);
}

struct scenario *tune_task_scenario(const struct tune_base *base,
    const struct tune_task *task, char *err, size_t err_bytes)
{
	struct place place = { err, err_bytes };
	struct tune_overrides own;
	struct scenario_overrides all = { 0 };
	struct scenario *scenario = NULL;
	const char **list;

	err[0] = '\0';
	if (tune_overrides_make(base->scenario, &base->settings,
		&task->settings, &own) != 0) {
		tune_overrides_clear(&own);
		return NULL;
	}
	list = calloc(base->overrides->count + own.count + 1, sizeof *list);
	if (list != NULL) {
		for (size_t i = 0; i < base->overrides->count; i++)
			list[all.count++] = base->overrides->list[i];
		for (size_t i = 0; i < own.count; i++)
			list[all.count++] = own.list[i];
		/* What a sweep measures is not judged. */
		list[all.count++] = "expect=";
		all.list = list;
		scenario = scenario_read_with(base->path, &all, keep, &place);
	}
	tune_overrides_clear(&own);
	free(list);
	return scenario;
}

/* Scales a number that is at least 1. */
static void scale(uint64_t *number, uint64_t permille)
{
	uint64_t whole, rest;

	if (__builtin_mul_overflow(*number / 1000, permille, &whole))
		whole = UINT64_MAX / 2;
	rest = *number % 1000 * permille / 1000;
	*number = whole + rest > 0 ? whole + rest : 1;
}

static void scale_draw(struct feed_draw *draw, uint64_t permille)
{
	scale(&draw->min, permille);
	scale(&draw->max, permille);
	scale(&draw->middle, permille);
	/* That of a lognormal distribution is a ratio. */
	if (draw->shape == FEED_NORMAL)
		scale(&draw->spread, permille);
}

/*
 * Makes a source slower or faster.  A source without a rate is as fast as the
 * drive, whatever is assumed of it.
 */
static void scale_feed(struct feed_config *feed, uint64_t permille)
{
	const uint64_t longer = 1000000 / permille;

	scale_draw(&feed->rate_bytes_per_s, permille);
	if (feed->off_bytes_per_s > 0)
		scale(&feed->off_bytes_per_s, permille);
	if (feed->kind == FEED_FILES)
		scale_draw(&feed->file_ns, longer);
	if (feed->kind == FEED_TRACE)
		scale(&feed->stretch, longer);
}

/* Changes the source as the task says. */
static void change_feed(struct scenario_dump *d, const struct tune_task *task)
{
	const struct tune_doubt *doubt = tune_doubt_get(task->doubt);
	uint64_t rate = task->feed_bytes_per_s;

	if (rate > 0)
		d->feed = (struct feed_config){
			.kind = FEED_RATES,
			.rate_bytes_per_s = { .min = rate, .max = rate },
			.every_ns = 1000000000,
		};
	if (doubt->kind == TUNE_DOUBT_FEED)
		scale_feed(&d->feed, (uint64_t)doubt->value);
}

/* Changes the rate that all sources share. */
static void change_source(struct scenario *s, const struct tune_task *task)
{
	const struct tune_doubt *doubt = tune_doubt_get(task->doubt);

	if (doubt->kind == TUNE_DOUBT_FEED && s->source_bytes_per_s > 0)
		scale(&s->source_bytes_per_s, (uint64_t)doubt->value);
}

/*
 * Gives each drive a model with the doubtful constant.  Returns the models,
 * which the caller frees, or NULL without memory.
 */
static struct model *change_models(struct scenario *s,
    const struct tune_doubt *doubt)
{
	struct model *models = calloc(s->drives_count, sizeof *models);

	for (size_t i = 0; models != NULL && i < s->drives_count; i++) {
		models[i] = *s->drives[i];
		tune_doubt_apply(doubt, &models[i]);
		s->drives[i] = &models[i];
	}
	return models;
}

/* Returns the metric with this name as a number, or NAN. */
static double metric(const struct results_scenario *s, const char *name)
{
	for (size_t i = 0; i < s->metrics_count; i++) {
		const struct results_metric *m = &s->metrics[i];

		if (strcmp(m->name, name) != 0)
			continue;
		if (m->kind == RESULTS_NUMBER)
			return (double)m->number;
		return m->kind == RESULTS_REAL ? m->real : NAN;
	}
	return NAN;
}

static int set_problem(struct tune_record *record, const char *format,
    const char *a, const char *b)
{
	return asprintf(&record->problem, format, a, b) < 0 ? -1 : 0;
}

/* Takes what was measured.  Returns 0, or -1 without memory. */
static int take(struct tune_record *record, const struct results_scenario *s)
{
	record->transient = s->problem[0] != '\0';
	if (record->transient)
		return set_problem(record, "%s%s", s->problem, "");
	if (strcmp(s->outcome, "DONE") != 0)
		return set_problem(record, "the dump ended as %s: %s",
		    s->outcome, s->reason[0] != '\0' ? s->reason : s->problem);
	for (size_t i = 0; i < TUNE_FIGURES; i++)
		record->figures.of[i] =
		    metric(s, tune_figure_name((enum tune_figure)i));
	return 0;
}

static int run(struct scenario *scenario, struct tune_record *record,
    const char *folder)
{
	const struct run_options options = {
		.seed = record->task.seed,
		.figures_only = true,
		.folder = folder,
	};
	struct results_scenario *results = NULL;
	char err[MESSAGE_BYTES];
	int rc;

	if (run_scenario(scenario, "tune", "tune", &options, &results, err,
		sizeof err) != RUN_JUDGED) {
		record->transient = true;
		return signals_signal() != 0
		    ? -1
		    : set_problem(record, "%s%s", err, "");
	}
	rc = take(record, results);
	results_scenario_free(results);
	return signals_signal() != 0 ? -1 : rc;
}

char *tune_task_run(const struct tune_base *base, const struct tune_task *task,
    const char *folder)
{
	struct tune_record record = { .task = *task };
	char message[MESSAGE_BYTES], *line = NULL;
	struct scenario *scenario =
	    tune_task_scenario(base, task, message, sizeof message);
	struct model *models = NULL;
	int rc = -1;

	if (scenario != NULL) {
		for (size_t i = 0; i < scenario->dumps_count; i++)
			change_feed(&scenario->dumps[i], task);
		change_source(scenario, task);
		models = change_models(scenario, tune_doubt_get(task->doubt));
		if (models != NULL)
			rc = run(scenario, &record, folder);
	} else if (message[0] != '\0') {
		rc = set_problem(&record, "%s%s", message, "");
	}
	if (rc == 0)
		line = tune_record_line(&record);
	free(record.problem);
	scenario_free(scenario);
	free(models);
	return line;
}

/* judge.c: compares the metrics of a run with the expectations. */
#include "sim/run/measure/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/published.h"
#include "sim/metrics/compare.h"
#include "sim/metrics/line.h"
#include "sim/metrics/update.h"
#include "sim/run/measure/facts.h"
#include "sim/run/measure/implied.h"
#include "splitter/base/units.h"

static int add_metric(enum metrics_id id, const struct metrics_value *v,
    struct results_metric *to)
{
	const struct metrics_def *def = metrics_def(id);

	to->name = strdup(def->name);
	to->unit = strdup(def->unit);
	if (to->name == NULL || to->unit == NULL)
		return -1;
	if (!v->defined)
		return 0; /* RESULTS_NULL */
	switch (def->type) {
	case METRIC_WORD:
	case METRIC_TEXT:
	case METRIC_ATTEMPTS_LINE:
		to->kind = RESULTS_TEXT;
		to->text = strdup(v->text);
		return to->text == NULL ? -1 : 0;
	case METRIC_NUMBER:
	case METRIC_SIZE:
		to->kind = RESULTS_NUMBER;
		to->number = v->number;
		return 0;
	default:
		to->kind = RESULTS_REAL;
		to->real = v->real;
		return 0;
	}
}

/* Writes the value in readable form, with enough digits to compare it. */
static void format_actual(const struct metrics_def *def,
    const struct metrics_value *v, char *buf, size_t buf_bytes)
{
	char readable[128];

	compare_format(def, v, readable, sizeof readable);
	if (v->defined &&
	    (def->type == METRIC_RATE || def->type == METRIC_TIME ||
		def->type == METRIC_SHARE))
		snprintf(buf, buf_bytes, "%.9g %s (%s)", v->real, def->unit,
		    readable);
	else
		snprintf(buf, buf_bytes, "%s", readable);
}

static int add_comparison(const struct metrics_expect *e,
    const struct metrics_def *def, const struct metrics_value *v,
    struct results_expectation *to)
{
	char short_value[256];

	to->line = e->line;
	if (!to->passed)
		to->updated = metrics_update(e, def, v);
	to->text = strdup(e->text);
	format_actual(def, v, short_value, sizeof short_value);
	/*
	 * metrics_format() shortens a long text; `actual` has the whole text.
	 */
	to->actual = strdup(v->defined && v->text != NULL && v->text[0] != '\0'
		? v->text
		: short_value);
	to->known = strdup(e->known != NULL ? e->known : "");
	return to->text == NULL || to->actual == NULL || to->known == NULL ? -1
									   : 0;
}

/* Adds an expectation of the attempts with their volumes and causes. */
static int add_line(const struct metrics_expect *e,
    const struct results_scenario *s, struct results_expectation *to)
{
	const struct metrics_def *def = metrics_def(METRIC_ATTEMPTS);
	struct metrics_value line = { .text = facts_attempts_line(s, e) };
	int rc;

	line.defined = line.text != NULL;
	to->passed = compare_holds(def, e->op, &e->value, &e->upper, &line);
	rc = line.defined ? add_comparison(e, def, &line, to) : -1;
	free(line.text);
	return rc;
}

/* Adds an expectation.  Returns 0, or -1 without memory. */
static int add_expectation(const struct metrics_expect *e,
    const struct metrics_value *values, const struct facts_story *story,
    const struct results_scenario *s, struct results_expectation *to)
{
	struct metrics_value fact;
	int rc;

	if (e->fact == NULL && e->id == METRIC_ATTEMPTS &&
	    metrics_line_is_detailed(e->value.text))
		return add_line(e, s, to);
	if (e->fact == NULL) {
		to->passed = metrics_holds(e, values);
		return add_comparison(e, metrics_def(e->id), &values[e->id],
		    to);
	}
	if (facts_get(s, story, e, &fact) != 0)
		return -1;
	to->passed = fact_holds(e, &fact);
	rc = add_comparison(e, &e->fact->def, &fact, to);
	free(fact.text);
	return rc;
}

static char *copy(const char *text)
{
	return strdup(text != NULL ? text : "");
}

/* Adds a published value.  Returns 0, or -1 without memory. */
static int add_published(const struct scenario_published *p,
    const struct metrics_value *values, const char *name,
    struct results_published *to)
{
	static const char *const kinds[] = { [CALIBRATION] = "calibration",
		[VALIDATION] = "validation",
		[BY_CONSTRUCTION] = "by construction" };
	const struct metrics_def *def = metrics_def(p->metric);
	const struct metrics_value *v = &values[p->metric];

	to->line = p->line;
	to->metric = copy(def->name);
	to->unit = copy(def->unit);
	to->same = p->same;
	to->order = p->order;
	to->value = p->value;
	to->tolerance =
	    (double)p->tolerance_percent_1e6 / UNITS_PERCENT_ONE / 100;
	to->kind = copy(kinds[p->evidence]);
	to->source = copy(p->source);
	to->series = copy(p->series);
	to->point = copy(p->point != NULL ? p->point : name);
	to->known = copy(p->known);
	to->defined = v->defined;
	if (v->defined)
		to->simulated = metrics_quantity(p->metric, v);
	report_published_judge(to);
	return to->metric != NULL && to->unit != NULL && to->kind != NULL &&
		to->source != NULL && to->series != NULL && to->point != NULL &&
		to->known != NULL
	    ? 0
	    : -1;
}

/* Adds all published values.  Returns 0, or -1 without memory. */
static int judge_published(const struct scenario *scenario,
    const struct metrics_value *values, struct results_scenario *s)
{
	s->published =
	    calloc(scenario->published_count + 1, sizeof *s->published);
	if (s->published == NULL)
		return -1;
	for (size_t i = 0; i < scenario->published_count; i++) {
		s->published_count++;
		if (add_published(&scenario->published[i], values, s->name,
			&s->published[i]) != 0)
			return -1;
		s->published[i].file = scenario_included_file(scenario, s->file,
		    scenario->published[i].file);
		if (s->published[i].file == NULL)
			return -1;
		if (!report_published_is_right(&s->published[i]))
			s->status = RESULTS_FAILED;
	}
	return 0;
}

int judge_add_metrics(const struct metrics_value *values,
    struct results_metric **metrics, size_t *count)
{
	*metrics = calloc(METRIC_STEP_FIRST, sizeof **metrics);
	if (*metrics == NULL)
		return -1;
	for (size_t i = 0; i < METRIC_STEP_FIRST; i++) {
		++*count;
		if (add_metric((enum metrics_id)i, &values[i],
			&(*metrics)[i]) != 0)
			return -1;
	}
	return 0;
}

int judge_add_step_metrics(const struct metrics_value *values,
    struct results_metric **metrics, size_t *count)
{
	struct results_metric *all = realloc(*metrics,
	    (*count + METRIC_COUNT - METRIC_STEP_FIRST) * sizeof *all);

	if (all == NULL)
		return -1;
	*metrics = all;
	for (size_t i = METRIC_STEP_FIRST; i < METRIC_COUNT; i++) {
		if (!values[i].defined)
			continue;
		all[*count] = (struct results_metric){ .name = NULL };
		if (add_metric((enum metrics_id)i, &values[i],
			&all[(*count)++]) != 0)
			return -1;
	}
	return 0;
}

int judge_run(const struct scenario *scenario,
    const struct metrics_value *values, const struct facts_story *story,
    bool interrupted, struct results_scenario *s)
{
	size_t i;

	s->expectations = calloc(scenario->expects_count + s->faults_count +
		s->dumps_count + 1,
	    sizeof *s->expectations);
	if (s->expectations == NULL)
		return -1;
	for (i = 0; i < scenario->expects_count; i++) {
		s->expectations_count++;
		if (add_expectation(&scenario->expects[i],
			values + scenario->expects[i].place * METRIC_COUNT,
			story, s, &s->expectations[i]) != 0)
			return -1;
		s->expectations[i].file = scenario_included_file(scenario,
		    s->file, scenario->expects[i].file);
		if (s->expectations[i].file == NULL)
			return -1;
		if (!results_expectation_is_met(&s->expectations[i]))
			s->status = RESULTS_FAILED;
	}
	if (implied_judge(scenario, interrupted, s) != 0)
		return -1;
	return judge_published(scenario,
	    values + scenario->dumps_count * METRIC_COUNT, s);
}

/* story_dumps.c: the dumps of all steps together; see story.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/metrics/total.h"
#include "sim/run/measure/judge.h"
#include "sim/run/measure/measure.h"
#include "sim/run/story.h"
#include "splitter/base/clock.h"

void story_read_clock(struct story *t)
{
	if (t->options->real)
		t->now_ns = clock_now_ns() - t->origin_ns;
}

void story_set_values(struct story_step *step)
{
	const struct results_step *r = step->results;
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);

	program_word(&step->outcome, METRIC_RESULT, step->outcome.result);
	program_count(&step->outcome, METRIC_MESSAGES, r->messages_count);
	for (size_t i = 0; to != NULL && i < r->messages_count; i++)
		fprintf(to, "%s; ", r->messages[i].text);
	if (to != NULL) {
		fputs(step->outcome.reason, to);
		fclose(to);
	}
	if (text != NULL)
		program_word(&step->outcome, METRIC_PRINTED, text);
	step->outcome.out_of_memory |= text == NULL;
	free(text);
}

/* Moves the times of a dump, which are those of its step. */
static void move_times(struct results_dump *d, int64_t base_ns)
{
	d->begun_ns += base_ns;
	d->ended_ns += base_ns;
	for (size_t i = 0; i < d->attempts_count; i++) {
		d->attempts[i].begun_ns += base_ns;
		d->attempts[i].ended_ns += base_ns;
	}
	for (size_t i = 0; i < d->volumes_count; i++)
		d->volumes[i].loaded_ns += base_ns;
	for (size_t i = 0; i < d->marks_count; i++)
		d->marks[i].at_ns += base_ns;
	for (size_t i = 0; i < d->warnings_count; i++)
		d->warnings[i].at_ns += base_ns;
}

/* Moves the faults of the step, and the places of their strikes. */
static int take_faults(struct results_scenario *to,
    struct results_scenario *from, size_t first_dump, int64_t base_ns)
{
	struct results_fault *faults = realloc(to->faults,
	    (to->faults_count + from->faults_count + 1) * sizeof *faults);

	if (faults == NULL)
		return -1;
	to->faults = faults;
	for (size_t i = 0; i < from->faults_count; i++) {
		struct results_fault *f = &faults[to->faults_count++];

		*f = from->faults[i];
		for (size_t j = 0; j < f->places_count; j++) {
			f->places[j].at_ns += base_ns;
			if (f->places[j].dump > 0)
				f->places[j].dump += first_dump;
		}
	}
	free(from->faults);
	from->faults = NULL;
	from->faults_count = 0;
	return 0;
}

int story_take_dumps(struct story_step *step, struct results_scenario *from,
    int64_t base_ns)
{
	struct results_scenario *to = step->story->results;
	struct results_step *r = step->results;
	struct results_dump *dumps = realloc(to->dumps,
	    (to->dumps_count + from->dumps_count + 1) * sizeof *dumps);

	if (dumps == NULL)
		return -1;
	to->dumps = dumps;
	r->first_dump = to->dumps_count;
	if (take_faults(to, from, r->first_dump, base_ns) != 0 ||
	    story_take_drives(step->story, from) != 0)
		return -1;
	for (size_t i = 0; i < from->dumps_count; i++) {
		struct results_dump *d = &dumps[to->dumps_count++];

		*d = from->dumps[i];
		move_times(d, base_ns);
		if (step->story->now_ns < d->ended_ns)
			step->story->now_ns = d->ended_ns;
	}
	r->dumps_count = from->dumps_count;
	free(from->dumps);
	from->dumps = NULL;
	from->dumps_count = 0;
	r->metrics = from->metrics;
	r->metrics_count = from->metrics_count;
	from->metrics = NULL;
	from->metrics_count = 0;
	r->expectations = from->expectations;
	r->expectations_count = from->expectations_count;
	from->expectations = NULL;
	from->expectations_count = 0;
	r->status = from->status;
	to->read_back |= from->read_back;
	if (from->problem != NULL && from->problem[0] != '\0' &&
	    to->problem == NULL) {
		to->problem = from->problem;
		from->problem = NULL;
	}
	return judge_add_step_metrics(step->outcome.values, &r->metrics,
	    &r->metrics_count);
}

/* Sets a value from its result. */
static int take_metric(const struct results_metric *m,
    struct metrics_value *values)
{
	size_t id = 0;

	while (id < METRIC_STEP_FIRST &&
	    strcmp(metrics_def((enum metrics_id)id)->name, m->name) != 0)
		id++;
	if (id == METRIC_STEP_FIRST || m->kind == RESULTS_NULL)
		return 0;
	values[id].defined = true;
	values[id].number = m->number;
	values[id].real = m->real;
	if (m->text == NULL)
		return 0;
	values[id].text = strdup(m->text);
	return values[id].text != NULL ? 0 : -1;
}

static int take_metrics(const struct results_dump *d,
    struct metrics_value *values)
{
	for (size_t i = 0; i < d->metrics_count; i++)
		if (take_metric(&d->metrics[i], values) != 0)
			return -1;
	return 0;
}

/* Returns the dump that was written last of this name; or NULL. */
static const struct results_dump *last_of(const struct story *t, size_t dump)
{
	const struct results_scenario *r = t->results;

	for (size_t i = r->steps_count; i-- > 0;) {
		const struct scenario_step *s = &t->scenario->steps[i];
		const struct results_step *step = &r->steps[i];

		for (size_t j = 0; j < s->dumps.count; j++)
			if (s->dumps.list[j] == dump && j < step->dumps_count)
				return &r->dumps[step->first_dump + j];
	}
	return NULL;
}

/* Fills in the values of all dumps that were written, and their total. */
static int total(const struct story *t, struct metrics_value *to)
{
	const struct results_scenario *r = t->results;
	struct metrics_value *all =
	    calloc((r->dumps_count + 1) * METRIC_COUNT, sizeof *all);
	int rc = all != NULL ? 0 : -1;

	for (size_t i = 0; i < r->dumps_count && rc == 0; i++)
		rc = take_metrics(&r->dumps[i], all + i * METRIC_COUNT);
	if (rc == 0)
		rc = metrics_total(all, r->dumps_count,
		    (double)r->duration_ns / 1e9, to);
	for (size_t i = 0; all != NULL && i < r->dumps_count; i++)
		measure_clear(all + i * METRIC_COUNT);
	free(all);
	return rc;
}

struct facts_story story_facts(const struct story *t)
{
	return (struct facts_story){ t->results->faults,
		t->scenario->faults_count };
}

int story_judge(struct story *t)
{
	const struct scenario *s = t->scenario;
	struct results_scenario *r = t->results;
	struct metrics_value *values =
	    calloc((s->dumps_count + 1) * METRIC_COUNT, sizeof *values);
	struct metrics_value *sum;
	int rc = values != NULL ? 0 : -1;

	for (size_t i = 0; i < s->dumps_count && rc == 0; i++) {
		const struct results_dump *d = last_of(t, i);

		if (d == NULL)
			continue;
		r->safe_bytes += d->safe_bytes;
		rc = take_metrics(d, values + i * METRIC_COUNT);
	}
	if (rc == 0) {
		sum = values + s->dumps_count * METRIC_COUNT;
		rc = total(t, sum);
		if (rc == 0)
			rc = judge_add_metrics(sum, &r->metrics,
			    &r->metrics_count);
	}
	if (rc == 0)
		rc = judge_run(s, values, NULL, false, r);
	for (size_t i = 0; values != NULL && i <= s->dumps_count; i++)
		measure_clear(values + i * METRIC_COUNT);
	free(values);
	return rc;
}

/* story_step.c: carries out a step, and judges it; see story.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/rng.h"
#include "sim/run/measure/implied.h"
#include "sim/run/measure/judge.h"
#include "sim/run/story.h"
#include "sim/setup/sources.h"
#include "splitter/base/grow.h"
#include "splitter/base/later.h"
#include "splitter/base/sentence.h"
#include "splitter/base/text.h"
#include "splitter/tool/report.h"

/* Keeps a message that a program prints. */
static void on_message(void *arg, const char *message)
{
	struct story_step *step = arg;
	struct results_step *r = step->results;
	char text[1024];
	struct results_message *list =
	    grow_by_one(r->messages, r->messages_count, sizeof *list);

	if (list == NULL) {
		step->outcome.out_of_memory = true;
		return;
	}
	r->messages = list;
	text_without(message, step->story->folder, text, sizeof text);
	list[r->messages_count].text = strdup(text);
	step->outcome.out_of_memory |= list[r->messages_count].text == NULL;
	r->messages_count++;
}

static int read_dump(struct story_step *step)
{
	const struct story *t = step->story;
	const struct scenario *s = t->scenario;
	size_t dump = step->does->dumps.list[0];
	struct content *content = sources_content(s, dump,
	    sources_seed(s, dump, t->options->seed, 0), t->err, t->err_bytes);

	if (content == NULL)
		return -1;
	program_read(s, step->does, &step->tapes, s->dumps[dump].name, content,
	    &step->outcome);
	content_close(content);
	return 0;
}

/*
 * Returns the number of the step whose data a measurement has: its own, or that
 * of the one whose data it reads back.
 */
static size_t data_of(const struct story_step *step)
{
	const struct scenario *s = step->story->scenario;
	const struct scenario_step *does = step->does;

	for (const struct scenario_step *w = does; w > s->steps; w--)
		if (does->measures == MEASURE_SECOND_DRIVE &&
		    w[-1].does == STEP_MEASURE &&
		    w[-1].measures == MEASURE_RATE &&
		    w[-1].volume == does->volume)
			return step->number - (size_t)(does - &w[-1]);
	return step->number;
}

static void measure(struct story_step *step)
{
	const struct story *t = step->story;
	const struct story_device *device = t->options->device;
	const struct scenario *s = t->scenario;
	const struct program_measurement how = {
		.step = step->does,
		.barcode = s->volumes[step->does->volume - 1].barcode,
		.seed = rng_at(t->options->seed, RNG_CONTENT, data_of(step)),
		.block_bytes = step->does->block_bytes > 0
		    ? step->does->block_bytes
		    : s->splitter.block_bytes,
		.model = device != NULL ? device->model : s->drives[0],
	};

	program_measure(&how, &step->tapes, &step->outcome);
}

static int operate(struct story_step *step)
{
	struct story *t = step->story;
	int rc = stock_operate(t->stock, step->does, step->outcome.reason,
	    sizeof step->outcome.reason);

	if (rc < 0) {
		sentence(t->err, t->err_bytes, "step %zu: %s", step->number,
		    step->outcome.reason);
		return -1;
	}
	step->outcome.result = rc == 0 ? "done" : "refused";
	if (step->does->does == STEP_MOVE && rc == 0)
		t->now_ns = later_add(t->now_ns, t->scenario->move_ns);
	t->now_ns = later_add(t->now_ns, step->does->duration_ns);
	return 0;
}

static int carry_out(struct story_step *step)
{
	struct program_overwrite overwrite;
	const struct scenario *s = step->story->scenario;

	switch (step->does->does) {
	case STEP_WRITE:
	case STEP_APPEND:
	case STEP_RESUME:
		return story_write(step);
	case STEP_LABEL:
		overwrite.list = step->overwrite;
		overwrite.count = step->overwrite_count;
		program_label(s, &step->tapes, &overwrite, &step->outcome);
		return 0;
	case STEP_SCAN:
		program_scan(&step->tapes, &step->outcome);
		return 0;
	case STEP_READ:
		return read_dump(step);
	case STEP_VERIFY:
		program_verify(step->does, &step->tapes, &step->outcome);
		return 0;
	case STEP_ERASE:
		program_erase(s->volumes[step->does->volume - 1].barcode,
		    step->does->whole, &step->tapes, &step->outcome);
		return 0;
	case STEP_MEASURE:
		measure(step);
		return 0;
	default:
		return operate(step);
	}
}

static bool expects_difference(const struct scenario_step *does)
{
	for (size_t i = 0; i < does->expects_count; i++)
		if (does->expects[i].id == METRIC_RESTORED &&
		    does->expects[i].op == METRICS_EQ &&
		    strcmp(does->expects[i].value.text, "different") == 0)
			return true;
	return false;
}

/* Judges a step whose dumps, if any, were not begun. */
static int judge_alone(struct story_step *step)
{
	struct results_scenario own = {
		.file = step->story->results->file,
		.reason = step->outcome.reason,
	};
	struct results_step *r = step->results;
	struct facts_story whole = story_facts(step->story);
	size_t count = step->view.dumps_count + 1;
	struct metrics_value *values =
	    calloc(count * METRIC_COUNT, sizeof *values);
	int rc;

	if (values == NULL)
		return -1;
	story_set_values(step);
	memcpy(values + (count - 1) * METRIC_COUNT, step->outcome.values,
	    METRIC_COUNT * sizeof *values);
	rc = judge_run(&step->view, values, &whole, false, &own);
	if (rc == 0)
		rc = implied_judge_step(&step->view, step->outcome.result,
		    step->outcome.reason, &own);
	free(values);
	free(own.published);
	r->expectations = own.expectations;
	r->expectations_count = own.expectations_count;
	r->status = own.status;
	return rc == 0 ? judge_add_step_metrics(step->outcome.values,
			     &r->metrics, &r->metrics_count)
		       : -1;
}

/* The first problem of a step is that of the scenario. */
static int set_problem(struct story_step *step, const char *text)
{
	struct results_scenario *r = step->story->results;

	if (text[0] == '\0' || r->problem != NULL)
		return 0;
	return asprintf(&r->problem, "step %zu (%s): %s", step->number,
		   step->results->title, text) < 0
	    ? -1
	    : 0;
}

static int end_step(struct story_step *step)
{
	struct story *t = step->story;
	struct results_step *r = step->results;
	char reason[TAPE_MESSAGE_BYTES];
	int64_t end_ns = later_add(r->begun_ns, step->tapes.spent_ns);

	if (!step->wrote && judge_alone(step) != 0)
		return -1;
	if (t->now_ns < end_ns)
		t->now_ns = end_ns;
	story_read_clock(t);
	r->ended_ns = t->now_ns;
	text_without(step->outcome.reason, t->folder, reason, sizeof reason);
	r->result = strdup(step->outcome.result);
	r->reason = strdup(reason);
	if (r->result == NULL || r->reason == NULL ||
	    step->outcome.out_of_memory)
		return -1;
	if (!expects_difference(step->does) &&
	    set_problem(step, step->outcome.difference) != 0)
		return -1;
	if (step->does->interrupt.by != INTERRUPT_NOTHING &&
	    !step->tapes.reached &&
	    set_problem(step,
		"the interrupt was never reached; give another place") != 0)
		return -1;
	if (r->status != RESULTS_PASSED)
		t->results->status = RESULTS_FAILED;
	return 0;
}

int story_run_step(struct story *t, size_t i)
{
	struct story_step step = { .story = t,
		.does = &t->scenario->steps[i],
		.number = i + 1,
		.results = &t->results->steps[i],
		.outcome.result = "done" };
	int rc = story_begin_step(&step);

	if (rc != 0) {
		story_no_memory(t);
	} else {
		report_receive(on_message, &step);
		rc = carry_out(&step);
		report_receive(NULL, NULL);
		if (rc == 0 && end_step(&step) != 0)
			rc = story_no_memory(t);
	}
	story_clear_step(&step);
	return rc;
}

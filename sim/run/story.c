/* story.c: runs a scenario with steps; see story.h. */
#include "sim/run/story.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/rng.h"
#include "sim/run/impl.h"
#include "sim/run/measure/implied.h"
#include "sim/run/measure/judge.h"
#include "sim/setup/sources.h"
#include "splitter/base/clock.h"
#include "splitter/base/grow.h"
#include "splitter/base/later.h"
#include "splitter/base/sentence.h"
#include "splitter/base/signals.h"
#include "splitter/base/text.h"
#include "splitter/tool/report.h"

static int no_memory(const struct story *t)
{
	snprintf(t->err, t->err_bytes, "out of memory");
	return -1;
}

/* Counts the strikes of faults in a library that was opened. */
static void on_opened(void *arg, struct library *library)
{
	const struct story_step *step = arg;
	struct story *t = step->story;

	if (!t->options->real)
		strikes_set_base(t->strikes,
		    later_add(t->now_ns, step->tapes.spent_ns));
	strikes_watch(t->strikes, library, false);
}

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

/* Lists the barcodes of volumes.  NULL without memory. */
static const char **list_barcodes(const struct scenario *s,
    const struct scenario_places *places)
{
	const char **list = calloc(places->count + 1, sizeof *list);

	for (size_t i = 0; list != NULL && i < places->count; i++)
		list[i] = s->volumes[places->list[i]].barcode;
	return list;
}

/*
 * On a device a step uses the volumes of the scenario.  A label step overwrites
 * those to which the person agreed; no other step overwrites anything.  Returns
 * 0, or -1 without memory.
 */
static int name_device_volumes(struct story_step *step)
{
	const struct scenario *s = step->story->scenario;
	const struct story_device *device = step->story->options->device;
	const char **all = calloc(s->volumes_count + 1, sizeof *all);
	const char **may = calloc(s->volumes_count + 1, sizeof *may);

	if (all == NULL || may == NULL) {
		free(all);
		free(may);
		return -1;
	}
	step->overwrite_count = 0;
	for (size_t i = 0; i < s->volumes_count; i++) {
		all[i] = s->volumes[i].barcode;
		if (step->does->does == STEP_LABEL &&
		    device->may_overwrite(device->arg, all[i]))
			may[step->overwrite_count++] = all[i];
	}
	free(step->overwrite);
	step->overwrite = may;
	if (step->volumes_count > 0) {
		free(all);
		return 0;
	}
	free(step->volumes);
	step->volumes = all;
	step->volumes_count = s->volumes_count;
	return 0;
}

static int list_volumes(struct story_step *step)
{
	const struct scenario *s = step->story->scenario;
	const struct scenario_step *does = step->does;

	step->volumes = list_barcodes(s, &does->volumes);
	step->overwrite = list_barcodes(s, &does->overwrite);
	step->assumed = list_barcodes(s, &does->assumed);
	if (step->volumes == NULL || step->overwrite == NULL ||
	    step->assumed == NULL)
		return -1;
	step->volumes_count = does->volumes.count;
	step->overwrite_count = does->overwrite.count;
	return step->story->options->device != NULL ? name_device_volumes(step)
						    : 0;
}

/* Makes the scenario of the dumps of a step. */
static int make_view(struct story_step *step)
{
	const struct scenario *s = step->story->scenario;
	const struct scenario_step *does = step->does;
	struct scenario_dump *dumps =
	    calloc(does->dumps.count + 1, sizeof *dumps);

	if (dumps == NULL)
		return -1;
	for (size_t i = 0; i < does->dumps.count; i++) {
		dumps[i] = s->dumps[does->dumps.list[i]];
		dumps[i].after = i;
	}
	step->view = *s;
	step->view.dumps = dumps;
	step->view.dumps_count = does->dumps.count;
	step->view.faults = does->faults;
	step->view.faults_count = does->faults_count;
	step->view.expects = does->expects;
	step->view.expects_count = does->expects_count;
	step->view.published_count = 0;
	step->view.steps_count = 0;
	/* Volumes that are assumed to be present need not be there. */
	step->view.read_back = s->read_back && does->assumed.count == 0;
	return 0;
}

/* Describes the step: "read night, part 3". */
static char *title_of(const struct story_step *step)
{
	const struct scenario *s = step->story->scenario;
	const struct scenario_step *does = step->does;
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);

	if (to == NULL)
		return NULL;
	fputs(does->prepares ? "before: write"
			     : scenario_step_kinds[does->does].word,
	    to);
	for (size_t i = 0; i < does->dumps.count; i++)
		fprintf(to, "%s%s", i > 0 ? ", " : " ",
		    s->dumps[does->dumps.list[i]].name);
	if (does->part > 0)
		fprintf(to, ", part %" PRIu64, does->part);
	if (does->volume > 0)
		fprintf(to, " %s", s->volumes[does->volume - 1].barcode);
	if (does->with > 0)
		fprintf(to, " and %s", s->volumes[does->with - 1].barcode);
	if (does->barcode[0] != '\0')
		fprintf(to, " %s", does->barcode);
	if (does->drive > 0)
		fprintf(to, " %zu for %s", does->drive, does->model->name);
	for (size_t i = 0; i < does->volumes.count; i++)
		fprintf(to, "%s%s", i > 0 ? " " : ", volumes ",
		    s->volumes[does->volumes.list[i]].barcode);
	if (fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}

static const char *program_of(enum scenario_step_does does)
{
	switch (does) {
	case STEP_LABEL:
		return "tapelab label";
	case STEP_SCAN:
		return "tapelab scan";
	case STEP_READ:
	case STEP_VERIFY:
		return "tapelab read";
	case STEP_MEASURE:
		return "tapelab run";
	default:
		return "tapelab write";
	}
}

static int begin_step(struct story_step *step)
{
	const struct scenario_step *does = step->does;
	struct results_step *r = step->results;

	r->line = does->line;
	r->kind = strdup(scenario_step_kinds[does->does].word);
	r->title = title_of(step);
	r->reached = true;
	story_read_clock(step->story);
	r->begun_ns = step->story->now_ns;
	if (r->kind == NULL || r->title == NULL || list_volumes(step) != 0 ||
	    make_view(step) != 0)
		return -1;
	step->tapes = (struct step_tapes){
		.stock = step->story->stock,
		.program = program_of(does->does),
		.real = step->story->options->real,
		.volumes = step->volumes,
		.volumes_count = step->volumes_count,
		.interrupt = does->interrupt,
		.opened = on_opened,
		.opened_arg = step,
	};
	/* A label step overwrites the volumes that it names. */
	if (does->does == STEP_LABEL && does->overwrite.count > 0 &&
	    step->story->options->device == NULL) {
		step->tapes.volumes = step->overwrite;
		step->tapes.volumes_count = step->overwrite_count;
	}
	return 0;
}

static void clear_step(struct story_step *step)
{
	program_clear(&step->outcome);
	free(step->volumes);
	free(step->overwrite);
	free(step->assumed);
	free(step->view.dumps);
	step_tapes_clear(&step->tapes);
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
	struct results_scenario own = { .file = step->story->results->file };
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

static int run_step(struct story *t, size_t i)
{
	struct story_step step = { .story = t,
		.does = &t->scenario->steps[i],
		.number = i + 1,
		.results = &t->results->steps[i],
		.outcome.result = "done" };
	int rc = begin_step(&step);

	if (rc != 0) {
		no_memory(t);
	} else {
		report_receive(on_message, &step);
		rc = carry_out(&step);
		report_receive(NULL, NULL);
		if (rc == 0 && end_step(&step) != 0)
			rc = no_memory(t);
	}
	clear_step(&step);
	return rc;
}

/* Adds what all steps came to. */
static int conclude(struct story *t)
{
	struct results_scenario *r = t->results;
	const struct results_dump *last =
	    r->dumps_count > 0 ? &r->dumps[r->dumps_count - 1] : NULL;

	r->duration_ns = t->now_ns;
	r->outcome = strdup(last != NULL ? last->outcome : "DONE");
	r->reason = strdup(last != NULL ? last->reason : "");
	if (r->problem == NULL)
		r->problem = strdup("");
	if (r->outcome == NULL || r->reason == NULL || r->problem == NULL ||
	    story_judge(t) != 0)
		return no_memory(t);
	if (r->problem[0] != '\0')
		r->status = RESULTS_FAILED;
	return 0;
}

static int run_steps(struct story *t)
{
	const struct scenario *s = t->scenario;
	const struct run_options *o = t->options;
	int rc = 0;

	t->origin_ns = clock_now_ns();
	t->stock = o->device != NULL
	    ? stock_on_device(s, o->device, t->folder, t->err, t->err_bytes)
	    : stock_new(s, o->seed, false, t->folder, t->err, t->err_bytes);
	if (t->stock == NULL)
		return -1;
	if (o->real)
		stock_set_real(t->stock, o->pace_permille);
	t->strikes = strikes_new(s, t->results);
	if (t->strikes == NULL)
		return no_memory(t);
	if (o->real)
		strikes_set_origin(t->strikes, t->origin_ns);
	t->results->steps = calloc(s->steps_count, sizeof *t->results->steps);
	t->drives = calloc(s->drives_count, sizeof *t->drives);
	if (t->results->steps == NULL || t->drives == NULL)
		return no_memory(t);
	t->results->steps_count = s->steps_count;
	for (size_t i = 0; i < s->steps_count && rc == 0; i++) {
		if (signals_signal() != 0) {
			snprintf(t->err, t->err_bytes, "interrupted");
			return -1;
		}
		rc = run_step(t, i);
	}
	return rc == 0 ? conclude(t) : -1;
}

/* Makes the results, without dumps. */
static struct results_scenario *new_results(const struct story *t)
{
	struct scenario none = *t->scenario;
	const struct run run = { .scenario = &none, .options = t->options };

	none.dumps_count = 0;
	return run_new_results(&run, t->name, t->file);
}

int story_run(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **results, char *err, size_t err_bytes)
{
	struct story t = { .scenario = scenario,
		.options = options,
		.name = name,
		.file = file,
		.err = err,
		.err_bytes = err_bytes };
	char *folder = workspace_make_folder(options->folder, err, err_bytes);
	int rc = -1;

	*results = NULL;
	if (folder == NULL)
		return -1;
	t.folder = folder;
	t.results = new_results(&t);
	if (t.results == NULL)
		no_memory(&t);
	else
		rc = run_steps(&t);
	stock_free(t.stock);
	strikes_free(t.strikes);
	free(t.drives);
	if (options->keep_volumes)
		fprintf(stderr, "%s: the library is in %s\n", file, folder);
	else
		workspace_remove_folder(folder);
	free(folder);
	if (rc == 0)
		*results = t.results;
	else
		results_scenario_free(t.results);
	return rc;
}

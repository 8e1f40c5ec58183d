/* story_write.c: the steps that write dumps; see story.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/rng.h"
#include "sim/run/impl.h"
#include "sim/run/measure/judge.h"
#include "sim/run/story.h"
#include "sim/run/virtual/world.h"
#include "sim/setup/sources.h"
#include "splitter/base/clock.h"
#include "splitter/base/later.h"
#include "splitter/base/signals.h"
#include "splitter/tool/write/dump.h"

/* When all dumps begin, for their headers. */
static const char begun[] = "2026-01-31T00:00:00Z";

/* A dump that is written by the code of tapelab-write(1). */
struct writing {
	struct story_step *step;
	struct run run;
	struct run_in_story in_story;
	struct adopted adopted;
	struct content *content;
	struct input *source;
	bool executed;
	int64_t base_ns; /* when the dump began */
	struct results_attempt *before;
	char problem[VOLUME_MESSAGE_BYTES];
};

static int64_t read_content(void *arg, void *buf, uint64_t bytes, char *err,
    size_t err_bytes)
{
	struct writing *w = arg;

	return content_read(w->content, buf, bytes, err, err_bytes);
}

/* Brings the dump to the executor, after what was skipped. */
static int64_t read_input(void *arg, void *buf, uint64_t bytes)
{
	struct writing *w = arg;

	return input_read(w->source, buf, bytes, w->problem, sizeof w->problem);
}

static bool is_killed(void *arg)
{
	return step_tapes_killed(&((struct writing *)arg)->step->tapes);
}

/* Lists the attempts of earlier steps that committed these parts. */
static int list_before(struct writing *w, const struct part_list *parts)
{
	w->before = calloc(parts->count + 1, sizeof *w->before);
	if (w->before == NULL)
		return -1;
	for (size_t i = 0; i < parts->count; i++) {
		struct splitter_part *p = &parts->parts[i];

		w->before[i] = (struct results_attempt){
			.part = p->part,
			.attempt = p->attempt,
			.volume = strdup(p->volume),
			.file = p->file,
			.offset_bytes = p->offset_bytes,
			.bytes = p->bytes,
			.committed = true,
		};
		if (w->before[i].volume == NULL)
			return -1;
		w->in_story.before_count++;
	}
	w->in_story.before = w->before;
	return 0;
}

/* Reports how the dump ended. */
static int end_dump(struct writing *w, const struct dump_run_outcome *o,
    struct write_result *result)
{
	result->outcome = o->outcome;
	result->cause = o->cause;
	result->sealed = o->sealed;
	result->block_refused = o->block_refused;
	result->safe_bytes = o->safe_bytes;
	snprintf(result->xxh128, sizeof result->xxh128, "%s", o->xxh128);
	snprintf(result->message, sizeof result->message, "%s", o->message);
	snprintf(result->input_error, sizeof result->input_error, "%.*s",
	    (int)sizeof result->input_error - 1, w->problem);
	result->abandoned = is_killed(w);
	if (result->abandoned) {
		result->safe_bytes = w->adopted.safe_bytes;
		snprintf(result->message, sizeof result->message,
		    "the program was killed");
	}
	dump_end(&w->run.dumps[0], o, 0, o->duration_ns);
	return adopt_parts(&w->adopted, &result->parts);
}

/* Writes the dump in virtual time, and reports how that ended. */
static int write_virtual(struct writing *w, struct write_result *result,
    char *err, size_t err_bytes)
{
	struct stream *stream =
	    execution_stream(w->run.dumps[0].execution, err, err_bytes);
	int rc;

	if (stream == NULL)
		return -1;
	rc = world_run_stream(stream, err, err_bytes);
	if (rc == 0)
		rc = end_dump(w, stream_outcome(stream), result);
	stream_free(stream);
	return rc;
}

static void cancel(void *arg)
{
	realtime_cancel(arg);
}

/* Writes the dump in real time, and reports how that ended. */
static int write_real(struct writing *w, struct write_result *result, char *err,
    size_t err_bytes)
{
	struct dump *d = &w->run.dumps[0];
	struct dump_run_outcome outcome;
	struct realtime *realtime =
	    execution_realtime(d->execution, NULL, NULL, err, err_bytes);

	if (realtime == NULL)
		return -1;
	strikes_set_origin(w->run.strikes, clock_now_ns());
	signals_on(cancel, realtime);
	realtime_run(realtime, &outcome);
	signals_on(NULL, NULL);
	realtime_free(realtime);
	recorder_end_sums(d->recorder, &outcome);
	recorder_end_series(d->recorder);
	return end_dump(w, &outcome, result);
}

static int write_it(struct writing *w, struct write_result *result, char *err,
    size_t err_bytes)
{
	return w->run.options->real ? write_real(w, result, err, err_bytes)
				    : write_virtual(w, result, err, err_bytes);
}

/* The executor of the tool; see struct write_executor. */
static int execute(void *arg, const struct splitter_config *config,
    struct input *source, struct write_result *result, char *err,
    size_t err_bytes)
{
	struct writing *w = arg;
	struct step_tapes *tapes = &w->step->tapes;

	w->executed = true;
	w->source = source;
	story_read_clock(w->step->story);
	w->base_ns = later_add(w->step->story->now_ns, tapes->spent_ns);
	w->adopted = (struct adopted){
		.config = config,
		.killed = is_killed,
		.killed_arg = w,
		.receiver = report_receiver(),
	};
	w->in_story.tapes = config->library;
	w->in_story.dump_id = config->dump_id;
	w->run.library = tapes->library;
	w->run.err = err;
	w->run.err_bytes = err_bytes;
	if (list_before(w, &result->parts) != 0) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	if (run_make_dumps(&w->run) != 0)
		return -1;
	/* The run has the source from now on. */
	w->in_story.content = w->content;
	if (dump_begin(&w->run.dumps[0], 0, err, err_bytes) != 0)
		return -1;
	return write_it(w, result, err, err_bytes);
}

/* Adds what the tool found after the dump to the outcome of the run. */
static void take_result(struct writing *w, const struct write_result *result)
{
	struct dump *d = &w->run.dumps[0];

	d->outcome.outcome = result->outcome;
	d->outcome.safe_bytes = result->safe_bytes;
	d->passes[0].safe_bytes = result->safe_bytes;
	if (result->message[0] != '\0')
		snprintf(d->outcome.message, sizeof d->outcome.message, "%s",
		    result->message);
}

static void set_result(struct story_step *step, int rc,
    const struct write_result *result)
{
	static const char *const words[] = { [SPLITTER_DONE] = "done",
		[SPLITTER_PARTIAL] = "partial",
		[SPLITTER_FAILED] = "failed" };
	struct program_outcome *to = &step->outcome;

	to->result = step_tapes_killed(&step->tapes) ? "killed"
	    : rc != 0                                ? "refused"
						     : words[result->outcome];
	if (rc != 0)
		return;
	snprintf(to->reason, sizeof to->reason, "%s",
	    to->result == words[SPLITTER_DONE] ? "" : write_reason(result));
	program_count(to, METRIC_RESUMED_BYTES, result->resumed_bytes);
}

/* Judges the run, and takes its results. */
static int conclude(struct writing *w)
{
	struct story_step *step = w->step;

	w->in_story.values = step->outcome.values;
	story_set_values(step);
	w->run.err = step->story->err;
	w->run.err_bytes = step->story->err_bytes;
	run_close_traces(&w->run);
	if (run_conclude(&w->run) != 0)
		return -1;
	step->wrote = true;
	return story_take_dumps(step, w->run.results, w->base_ns);
}

/* Names the dumps of this step in the results, each once. */
static char *name_in_results(const struct story_step *step, size_t dump)
{
	const struct scenario *s = step->story->scenario;
	const char *name = s->dumps[dump].name;
	const struct results_scenario *r = step->story->results;
	char *text;

	for (size_t i = 0; i < r->dumps_count; i++)
		if (strcmp(r->dumps[i].name, name) == 0)
			return asprintf(&text, "%s.step%zu", name,
				   step->number) < 0
			    ? NULL
			    : text;
	return strdup(name);
}

/* Gives the dumps of the run their names in the results of the story. */
static int name_dumps(struct story_step *step, struct results_scenario *r)
{
	for (size_t i = 0; i < r->dumps_count; i++) {
		free(r->dumps[i].name);
		free(r->dumps[i].folder);
		r->dumps[i].step = step->number;
		r->dumps[i].name =
		    name_in_results(step, step->does->dumps.list[i]);
		r->dumps[i].folder = r->dumps[i].name != NULL
		    ? results_dump_folder(r->name, r->dumps[i].name)
		    : NULL;
		if (r->dumps[i].name == NULL || r->dumps[i].folder == NULL)
			return -1;
	}
	return 0;
}

static int begin_run(struct story_step *step, struct run *run,
    struct run_in_story *in_story)
{
	const struct story *t = step->story;

	in_story->stock = t->stock;
	in_story->strikes = t->strikes;
	in_story->whole = story_facts(t);
	*run = (struct run){ .scenario = &step->view,
		.options = t->options,
		.payload = VOLUME_PAYLOAD_RAW,
		.folder = t->folder,
		.story = in_story,
		.err = t->err,
		.err_bytes = t->err_bytes };
	run->results = run_new_results(run, t->name, t->file);
	if (run->results != NULL && name_dumps(step, run->results) == 0) {
		run->strikes = strikes_new(&step->view, run->results);
		if (run->strikes != NULL)
			return 0;
	}
	snprintf(t->err, t->err_bytes, "out of memory");
	return -1;
}

/* Sets the options of the tool. */
static void configure(struct writing *w, struct write_options *o,
    struct write_executor *x)
{
	const struct story_step *step = w->step;
	const struct scenario_step *does = step->does;
	const struct scenario_dump *d = &step->view.dumps[0];
	uint64_t seed = sources_seed(step->story->scenario, does->dumps.list[0],
	    step->story->options->seed, 0);

	*x = (struct write_executor){ .run = execute,
		.read = read_content,
		.arg = w,
		.dump_id = rng_at(seed, RNG_DUMP_ID, step->number),
		.begun = begun,
		.attempt = (1u << 20) + (uint32_t)step->number * 1000 };
	*o = (struct write_options){
		.tapes = step_tapes_source(&w->step->tapes),
		.resume = does->does == STEP_RESUME,
		.assumed = { step->assumed, does->assumed.count },
		.catalogue = stock_catalogue(step->story->stock),
		.quiet = true,
		.executor = x,
	};
	splitter_config_init(&o->config, sizeof o->config, SPLITTER_API);
	o->config.dump = d->name;
	o->config.block_bytes = d->splitter.block_bytes;
	/* On a device everything is written by an acceptance run. */
	o->config.test = stock_device(step->story->stock) != NULL;
	o->config.overwrite = step->overwrite;
	o->config.overwrite_count = step->overwrite_count;
}

static int write_one(struct story_step *step)
{
	struct story *t = step->story;
	struct writing w = { .step = step };
	struct write_result result = { .outcome = SPLITTER_DONE };
	struct write_options options;
	struct write_executor executor;
	uint64_t seed = sources_seed(t->scenario, step->does->dumps.list[0],
	    t->options->seed, 0);
	int rc;

	w.in_story = (struct run_in_story){
		.adopted = &w.adopted, .read = read_input, .read_arg = &w
	};
	rc = begin_run(step, &w.run, &w.in_story);
	if (rc == 0) {
		w.content =
		    sources_content(&step->view, 0, seed, t->err, t->err_bytes);
		rc = w.content != NULL ? 0 : -1;
	}
	if (rc == 0) {
		configure(&w, &options, &executor);
		rc = write_dump(&options, &result, step->outcome.reason,
		    sizeof step->outcome.reason);
		set_result(step, rc, &result);
		rc = 0;
		if (w.executed && w.run.dumps != NULL &&
		    w.run.dumps[0].passes_count > 0) {
			take_result(&w, &result);
			rc = conclude(&w);
		}
		part_list_clear(&result.parts);
		write_uses_clear(&result.uses);
	}
	if (w.in_story.content == NULL)
		content_close(w.content);
	run_clear_dumps(&w.run);
	adopt_clear(&w.adopted);
	for (size_t i = 0; i < w.in_story.before_count; i++)
		free(w.before[i].volume);
	free(w.before);
	strikes_free(w.run.strikes);
	results_scenario_free(w.run.results);
	return rc;
}

/* Writes several new dumps at once, each to a drive of its own. */
static int write_together(struct story_step *step)
{
	struct story *t = step->story;
	struct run_in_story in_story = { .values = step->outcome.values };
	struct run run;
	int rc;
	size_t i;

	if (stock_device(t->stock) != NULL) {
		snprintf(t->err, t->err_bytes,
		    "step %zu: several dumps at the same time need a virtual "
		    "library; there is a device",
		    step->number);
		return -1;
	}
	rc = begin_run(step, &run, &in_story);
	if (rc == 0) {
		run.library = stock_open(t->stock, "tapelab write", false,
		    false, t->err, t->err_bytes);
		if (run.library != NULL)
			step->tapes.opened(step->tapes.opened_arg, run.library);
		rc = run.library != NULL && run_make_dumps(&run) == 0
		    ? together_run(&run)
		    : -1;
		run_close_traces(&run);
	}
	step->outcome.result = "done";
	for (i = 0; rc == 0 && i < step->view.dumps_count; i++)
		if (run.dumps[i].outcome.outcome != SPLITTER_DONE)
			step->outcome.result = "partial";
	story_set_values(step);
	if (rc == 0)
		rc = run_conclude(&run);
	if (rc == 0) {
		step->wrote = true;
		rc = story_take_dumps(step, run.results, t->now_ns);
	}
	run_clear_dumps(&run);
	strikes_free(run.strikes);
	library_free(run.library);
	results_scenario_free(run.results);
	return rc;
}

int story_write(struct story_step *step)
{
	return step->does->dumps.count > 1 ? write_together(step)
					   : write_one(step);
}

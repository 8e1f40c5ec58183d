/* story.c: runs a scenario with steps; see story.h. */
#include "sim/run/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/impl.h"
#include "splitter/base/clock.h"
#include "splitter/base/signals.h"

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
		return story_no_memory(t);
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
		return story_no_memory(t);
	if (o->real)
		strikes_set_origin(t->strikes, t->origin_ns);
	t->results->steps = calloc(s->steps_count, sizeof *t->results->steps);
	t->drives = calloc(s->drives_count, sizeof *t->drives);
	if (t->results->steps == NULL || t->drives == NULL)
		return story_no_memory(t);
	t->results->steps_count = s->steps_count;
	for (size_t i = 0; i < s->steps_count && rc == 0; i++) {
		if (signals_signal() != 0) {
			snprintf(t->err, t->err_bytes, "interrupted");
			return -1;
		}
		rc = story_run_step(t, i);
		if (rc == 0 && s->steps[i].prepares)
			rc = stock_protect_held(t->stock,
			    s->steps[i].dumps.list[0], t->err, t->err_bytes);
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
		story_no_memory(&t);
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

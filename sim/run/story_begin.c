/* story_begin.c: what a step uses, before it is carried out; see story.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/story.h"
#include "splitter/base/later.h"

int story_no_memory(const struct story *t)
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
	const char *const *names = NULL;
	const char **may;
	size_t count = 0;

	if (step->volumes_count == 0) {
		const char **all = calloc(s->volumes_count + 1, sizeof *all);

		if (all == NULL)
			return -1;
		for (size_t i = 0; i < s->volumes_count; i++)
			all[i] = s->volumes[i].barcode;
		free(step->volumes);
		step->volumes = all;
		step->volumes_count = s->volumes_count;
	}
	if (step->does->does == STEP_LABEL)
		names = device->overwrite(device->arg, step->volumes,
		    step->volumes_count, &count);
	may = calloc(count + 1, sizeof *may);
	if (may == NULL)
		return -1;
	for (size_t i = 0; i < count; i++)
		may[i] = names[i];
	free(step->overwrite);
	step->overwrite = may;
	step->overwrite_count = count;
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

int story_begin_step(struct story_step *step)
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

void story_clear_step(struct story_step *step)
{
	program_clear(&step->outcome);
	free(step->volumes);
	free(step->overwrite);
	free(step->assumed);
	free(step->view.dumps);
	step_tapes_clear(&step->tapes);
}

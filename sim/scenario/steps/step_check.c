/*
 * step_check.c: checks that each step is possible after the steps before it,
 * and puts steps before them that write what volumes hold.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/steps/impl.h"
#include "splitter/base/text.h"

/* The state of the story before a step. */
struct story {
	struct scenario_reader *reader;
	const struct scenario *s;
	bool *written;                /* for each dump */
	bool *outside;                /* for each volume: it was taken out */
	const struct yaml_tree *node; /* the step that is checked */
};

/* Reports an error at the place of the step that is checked. */
#define FAIL(t, step, ...) key_error(&(t)->reader->keys, (t)->node, __VA_ARGS__)

static void check_dumps(const struct story *t, const struct scenario_step *step)
{
	const char *what = scenario_step_kinds[step->does].what;

	if (step->does != STEP_WRITE && step->dumps.count > 1)
		FAIL(t, step, "%s has only one dump", what);
	for (size_t i = 0; i < step->dumps.count; i++) {
		size_t dump = step->dumps.list[i];

		if (scenario_step_writes(step->does) &&
		    step->does != STEP_RESUME)
			t->written[dump] = true;
		else if (!t->written[dump])
			FAIL(t, step, "%s: no step above writes the dump %s",
			    what, t->s->dumps[dump].name);
	}
	if (step->interrupt.by != INTERRUPT_NOTHING && step->dumps.count > 1)
		FAIL(t, step,
		    "interrupt: only with one dump; a person or the power "
		    "interrupts all, so write them one after the other");
	if (step->dumps.count > 1 &&
	    step->volumes.count + step->overwrite.count > 0)
		FAIL(t, step,
		    "%s: only with one dump; several take any scratch volumes, "
		    "so write them one after the other",
		    step->volumes.count > 0 ? "volumes" : "overwrite");
}

/* Checks one volume that a step uses. */
static void check_volume(const struct story *t,
    const struct scenario_step *step, size_t place)
{
	bool *outside;

	if (place == 0)
		return;
	outside = &t->outside[place - 1];
	if (step->does == STEP_PUT_IN && !*outside)
		FAIL(t, step,
		    "put_in: volume %s is in the library; take it out in a "
		    "step above",
		    t->s->volumes[place - 1].barcode);
	if (step->does != STEP_PUT_IN && *outside)
		FAIL(t, step, "%s: volume %s was taken out; put it in first",
		    scenario_step_kinds[step->does].word,
		    t->s->volumes[place - 1].barcode);
	if (step->does == STEP_PUT_IN || step->does == STEP_TAKE_OUT)
		*outside = step->does == STEP_TAKE_OUT;
}

/* Gives each expectation the place of its dump in the step. */
static void place_expects(const struct story *t, struct scenario_step *step)
{
	for (size_t i = 0; i < step->expects_count; i++) {
		struct metrics_expect *e = &step->expects[i];
		size_t dump = e->place, j;

		e->place = step->dumps.count;
		if (e->dump == NULL)
			continue;
		for (j = 0; j < step->dumps.count; j++)
			if (step->dumps.list[j] == dump)
				e->place = j;
		if (e->place == step->dumps.count)
			FAIL(t, step, "expect: the step has no dump %s",
			    e->dump);
	}
}

/* Faults of a step are those of its dumps. */
static void check_faults(const struct story *t,
    const struct scenario_step *step)
{
	for (size_t i = 0; i < step->faults_count; i++) {
		struct scenario_fault *f = &step->faults[i];
		size_t j;

		if (scenario_is_defect(f->fail) || f->fail == FAIL_MOVE ||
		    f->fail == FAIL_BARCODE || f->fail == FAIL_DRIVE) {
			FAIL(t, step,
			    "faults: a %s fault is not one of a step; put it "
			    "into the "
			    "`faults` of the scenario",
			    scenario_kind_words()[f->fail]);
			continue;
		}
		for (j = 0; j < step->dumps.count; j++)
			if (step->dumps.list[j] == f->dump)
				break;
		if (j == step->dumps.count && step->dumps.count > 0)
			FAIL(t, step,
			    "faults: the step does not write the dump of a "
			    "fault");
		f->dump = j;
	}
}

static void check_step(const struct story *t, struct scenario_step *step)
{
	check_dumps(t, step);
	check_volume(t, step, step->volume);
	check_volume(t, step, step->with);
	if (step->volume != 0 && step->volume == step->with)
		FAIL(t, step, "with: that is the same volume; name another");
	if (step->drive > t->s->drives_count)
		FAIL(t, step, "drive: the library has only %zu",
		    t->s->drives_count);
	if (step->does == STEP_OVERWRITE &&
	    (step->holds == HOLDS_BLANK || step->holds == HOLDS_SCRATCH))
		FAIL(t, step,
		    "overwrite needs `holds`: what is written over the "
		    "beginning, such as tar");
	check_faults(t, step);
	place_expects(t, step);
}

/* Returns the place of the step that writes what volumes hold, from 0. */
static struct scenario_step *preparing(struct scenario_reader *reader,
    size_t dump)
{
	struct scenario *s = reader->scenario;
	struct scenario_step *steps;
	size_t i;

	for (i = 0; i < s->steps_count && s->steps[i].prepares; i++)
		if (s->steps[i].dumps.list[0] == dump)
			return &s->steps[i];
	steps = realloc(s->steps, (s->steps_count + 1) * sizeof *steps);
	if (steps == NULL)
		return NULL;
	s->steps = steps;
	memmove(steps + i + 1, steps + i, (s->steps_count - i) * sizeof *steps);
	steps[i] =
	    (struct scenario_step){ .does = STEP_APPEND, .prepares = true };
	s->steps_count++;
	steps[i].dumps.list = calloc(1, sizeof *steps[i].dumps.list);
	if (steps[i].dumps.list == NULL)
		return NULL;
	steps[i].dumps.list[0] = dump;
	steps[i].dumps.count = 1;
	return &steps[i];
}

/* Adds volumes to the step that writes what they hold. */
static bool prepare(struct scenario_reader *reader,
    const struct scenario_held *held, size_t dump)
{
	struct scenario_step *step = preparing(reader, dump);
	size_t *list;

	if (step == NULL)
		return false;
	if (step->line == 0)
		step->line = held->node->line;
	list = realloc(step->volumes.list,
	    (step->volumes.count + held->count) * sizeof *list);
	if (list == NULL)
		return false;
	step->volumes.list = list;
	for (size_t i = 0; i < held->count; i++) {
		list[step->volumes.count++] = held->first + i;
		reader->scenario->volumes[held->first + i].holds_dump =
		    dump + 1;
	}
	return true;
}

/* Checks what only a scenario without steps may have. */
static void check_without(struct scenario_reader *reader,
    const struct yaml_tree *root)
{
	const struct scenario *s = reader->scenario;

	for (size_t i = 0; i < s->volumes_count && s->steps_count == 0; i++)
		if (s->volumes[i].holds != HOLDS_BLANK ||
		    s->volumes[i].write_protected || reader->held_count > 0) {
			key_error(&reader->keys, root,
			    "library: `holds` and `write_protected` of volumes "
			    "need the key \"steps\"");
			return;
		}
}

/* Checks what a scenario with steps cannot have. */
static void check_with(struct scenario_reader *reader,
    const struct yaml_tree *root)
{
	const struct scenario *s = reader->scenario;
	const struct yaml_tree *steps = yaml_tree_get(root, "steps");

	for (size_t i = 0; i < s->dumps_count; i++) {
		const struct scenario_dump *d = &s->dumps[i];

		if (d->after != i || d->start_ns != 0 || d->runs > 1 ||
		    d->has_retention)
			key_error(&reader->keys, steps,
			    "steps: dump %s has one of the keys `after`, "
			    "`start`, `repeat` and `retention`, which a "
			    "scenario with steps cannot have: its steps say "
			    "when dumps are written",
			    d->name);
		if (d->source == SOURCE_STDIN)
			key_error(&reader->keys, steps,
			    "steps: dump %s reads the standard input, which "
			    "can be read only once; use another source",
			    d->name);
	}
	if (s->payload == PAYLOAD_NONE)
		key_error(&reader->keys, steps,
		    "steps: volumes without payload cannot be read, and dumps "
		    "on them not be resumed; remove `payload: none`");
	if (s->published_count > 0)
		key_error(&reader->keys, steps,
		    "steps: a scenario with steps has no `published` values");
	for (size_t i = 0; i < s->faults_count; i++)
		if (!scenario_is_defect(s->faults[i].fail) &&
		    s->faults[i].fail != FAIL_MOVE &&
		    s->faults[i].fail != FAIL_BARCODE &&
		    s->faults[i].fail != FAIL_DRIVE)
			key_error(&reader->keys, steps,
			    "faults: a %s fault is one of a dump; put it into "
			    "the "
			    "`faults` of the step that writes it",
			    scenario_kind_words()[s->faults[i].fail]);
}

void scenario_check_steps(struct scenario_reader *reader,
    const struct yaml_tree *root)
{
	struct scenario *s = reader->scenario;
	struct story t = { .reader = reader,
		.s = s,
		.written = calloc(s->dumps_count + 1, sizeof *t.written),
		.outside = calloc(s->volumes_count + 1, sizeof *t.outside) };
	static const struct key key = { .name = "holds" };
	bool good = t.written != NULL && t.outside != NULL;
	size_t dump;

	if (root->kind != YAML_TREE_MAP)
		good = false;
	else if (yaml_tree_get(root, "steps") == NULL)
		check_without(reader, root);
	else
		check_with(reader, root);
	for (size_t i = 0; good && i < reader->held_count; i++)
		if (scenario_find_dump_called(reader, reader->held[i].node,
			key.name, reader->held[i].node->text, &dump))
			good = prepare(reader, &reader->held[i], dump);
	for (size_t i = 0, read = 0; good && i < s->steps_count; i++) {
		t.node =
		    s->steps[i].prepares ? root : reader->step_nodes[read++];
		check_step(&t, &s->steps[i]);
	}
	free(t.written);
	free(t.outside);
}

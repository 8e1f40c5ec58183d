/* plan.c: see plan.h. */
#include "sim/accept/plan.h"

#include <stdlib.h>
#include <string.h>

#include "sim/accept/rows.h"
#include "splitter/base/later.h"
#include "splitter/base/sentence.h"
#include "vtl/base/media.h"
#include "vtl/model/model.h"

enum { UNKNOWN_RATE = 100000000 };

const char *accept_run_name(enum scenario_acceptance_run run)
{
	static const char *const names[SCENARIO_RUNS] = {
		[SCENARIO_QUICK] = "quick",
		[SCENARIO_DEFAULT] = "default",
		[SCENARIO_FILL] = "fill",
	};

	return names[run];
}

uint64_t accept_plan_rate(const struct accept_plan *plan)
{
	uint64_t top = rows_top_speed(plan->model);

	return top > 0 ? top : UNKNOWN_RATE;
}

struct accept_capacity accept_plan_capacity(const struct model *model,
    uint64_t memory_bytes, const char *name)
{
	const struct media_type *type = media_find_type(NULL, name);

	if (memory_bytes > 0)
		return (struct accept_capacity){ memory_bytes, "its memory" };
	if (type != NULL && (model == NULL || !model_takes_all(model)))
		return (struct accept_capacity){ type->capacity_bytes,
			"its barcode" };
	return model != NULL
	    ? (struct accept_capacity){ model_medium(model, NULL)
					    ->capacity_bytes,
		      "the profile of the drive" }
	    : (struct accept_capacity){ 0, "" };
}

/* Returns by what the sizes of a scenario are multiplied, for this drive. */
static uint64_t scale_of(const struct accept_plan *plan,
    const struct scenario *s)
{
	uint64_t scale = s->acceptance.scale[plan->run];
	uint64_t own = rows_top_speed(s->drives[0]);

	if (own > 0)
		scale = (uint64_t)((double)scale *
			(double)accept_plan_rate(plan) / (double)own +
		    0.5);
	return scale > 0 ? scale : 1;
}

static bool is_on_second(const struct scenario_step *step)
{
	return step->does == STEP_MEASURE &&
	    step->measures == MEASURE_SECOND_DRIVE;
}

/* Returns how much a measurement writes. */
static uint64_t measured_bytes(const struct accept_plan *plan,
    const struct scenario_step *step)
{
	switch (step->measures) {
	case MEASURE_ENDS:
		return plan->capacity.bytes;
	case MEASURE_FILEMARKS:
		return later_factor(step->size_bytes, 16);
	default:
		return step->size_bytes;
	}
}

/* Adds what a step writes and reads. */
static void add_step(const struct accept_plan *plan, struct accept_test *t,
    const struct scenario_step *step)
{
	const struct scenario *s = t->scenario;
	uint64_t bytes = 0;

	t->loads++;
	for (size_t i = 0; i < step->dumps.count; i++)
		bytes += s->dumps[step->dumps.list[i]].size_bytes;
	if (scenario_step_writes(step->does)) {
		t->written_bytes += bytes;
	} else if (step->does == STEP_READ) {
		t->read_bytes += bytes;
	} else if (step->does == STEP_VERIFY) {
		for (size_t i = 0; i < s->dumps_count; i++)
			t->read_bytes += s->dumps[i].size_bytes;
	} else if (step->does == STEP_MEASURE) {
		bytes = measured_bytes(plan, step);
		if (!is_on_second(step))
			t->written_bytes += bytes;
		t->read_bytes +=
		    step->measures == MEASURE_FILEMARKS ? 0 : bytes;
	}
}

static void estimate(const struct accept_plan *plan, struct accept_test *t)
{
	const struct scenario *s = t->scenario;

	t->written_bytes = t->read_bytes = t->loads = 0;
	for (size_t i = 0; i < s->steps_count; i++)
		add_step(plan, t, &s->steps[i]);
	t->ns = later_add(s->acceptance.time_ns,
	    (int64_t)((double)(t->written_bytes + t->read_bytes) /
		(double)accept_plan_rate(plan) * 1e9));
}

/* Returns whether a test reads on a second drive. */
static bool reads_on_second(const struct scenario *s)
{
	for (size_t i = 0; i < s->steps_count; i++)
		if (is_on_second(&s->steps[i]))
			return true;
	return false;
}

static int add(struct accept_plan *plan, const struct suite_entry *e, char *err,
    size_t err_bytes)
{
	struct accept_test *t = &plan->tests[plan->count];
	struct scenario *s = suite_scenario(e, err, err_bytes);

	if (s == NULL)
		return -1;
	if (s->acceptance.given && !plan->second && reads_on_second(s)) {
		plan->one_drive |= s->acceptance.kind <= plan->run;
		scenario_free(s);
		return 0;
	}
	if (!s->acceptance.given || s->acceptance.kind > plan->run) {
		size_t used = strlen(plan->others);

		if (s->acceptance.given)
			snprintf(plan->others + used,
			    sizeof plan->others - used, "%s%s",
			    used > 0 ? ", " : "", e->name);
		scenario_free(s);
		return 0;
	}
	if (s->steps_count == 0) {
		sentence(err, err_bytes,
		    "%s: a test of a drive needs the key \"steps\"",
		    suite_path(e->of));
		scenario_free(s);
		return -1;
	}
	scenario_scale(s, scale_of(plan, s));
	*t = (struct accept_test){
		.name = e->name, .title = e->title, .scenario = s
	};
	estimate(plan, t);
	plan->count++;
	return 0;
}

/*
 * The first drive is closed when the second one is opened: no test may follow
 * the one that reads there, and no step the step.
 */
static int check_second(const struct accept_plan *plan, char *err,
    size_t err_bytes)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct scenario *s = plan->tests[i].scenario;

		for (size_t j = 0; j < s->steps_count; j++) {
			if (!is_on_second(&s->steps[j]) ||
			    (i + 1 == plan->count && j + 1 == s->steps_count))
				continue;
			sentence(err, err_bytes,
			    "%s: a step on a second drive is the last one of "
			    "the last test",
			    plan->tests[i].name);
			return -1;
		}
	}
	return 0;
}

/* Each test comes after the one that it needs. */
static int check_needs(const struct accept_plan *plan, char *err,
    size_t err_bytes)
{
	for (size_t i = 0; i < plan->count; i++) {
		const char *needs = plan->tests[i].scenario->acceptance.needs;

		if (needs == NULL || accept_plan_find(plan, needs) < i)
			continue;
		sentence(err, err_bytes,
		    "%s: it needs the test %s, which is not before it; name "
		    "the folder of both",
		    plan->tests[i].name, needs);
		return -1;
	}
	return 0;
}

/* Counts a test that the suite left out, if it is one of the run. */
static int count_left_out(struct accept_plan *plan, const struct suite_entry *e,
    char *err, size_t err_bytes)
{
	struct scenario *s = suite_scenario(e, err, err_bytes);

	if (s == NULL)
		return -1;
	plan->left_out += s->acceptance.given &&
	    s->acceptance.kind <= plan->run &&
	    (plan->second || !reads_on_second(s));
	scenario_free(s);
	return 0;
}

int accept_plan_make(struct accept_plan *plan, const struct suite *suite,
    enum scenario_acceptance_run run, const struct model *model,
    struct accept_capacity capacity, bool second, char *err, size_t err_bytes)
{
	int rc = 0;

	*plan = (struct accept_plan){ .run = run,
		.model = model,
		.second = second,
		.capacity = capacity };
	plan->tests = calloc(suite->count + 1, sizeof *plan->tests);
	if (plan->tests == NULL) {
		sentence(err, err_bytes, "out of memory");
		return -1;
	}
	for (size_t i = 0; i < suite->count && rc == 0; i++)
		rc = add(plan, &suite->entries[i], err, err_bytes);
	for (size_t i = 0; i < suite->left_out_count && rc == 0; i++)
		rc = count_left_out(plan, &suite->left_out[i], err, err_bytes);
	if (rc == 0 && plan->count == 0) {
		sentence(err, err_bytes,
		    "no scenario is a test of a drive: none has the key "
		    "\"acceptance\" for a %s run",
		    accept_run_name(run));
		rc = -1;
	}
	if (rc == 0)
		rc = check_needs(plan, err, err_bytes);
	if (rc == 0)
		rc = check_second(plan, err, err_bytes);
	if (rc != 0)
		accept_plan_clear(plan);
	return rc;
}

void accept_plan_set_capacity(struct accept_plan *plan,
    struct accept_capacity capacity)
{
	plan->capacity = capacity;
	for (size_t i = 0; i < plan->count; i++)
		estimate(plan, &plan->tests[i]);
}

void accept_plan_limit_blocks(struct accept_plan *plan, uint32_t most_bytes)
{
	for (size_t i = 0; i < plan->count; i++)
		if (scenario_limit_blocks(plan->tests[i].scenario, most_bytes))
			plan->block_max_bytes = most_bytes;
}

void accept_plan_clear(struct accept_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		scenario_free(plan->tests[i].scenario);
	free(plan->tests);
	*plan = (struct accept_plan){ .run = plan->run };
}

size_t accept_plan_find(const struct accept_plan *plan, const char *name)
{
	size_t i = 0;

	while (i < plan->count && strcmp(plan->tests[i].name, name) != 0)
		i++;
	return i;
}

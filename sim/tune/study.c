/* study.c: see study.h. */
#include "sim/tune/study.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/tune/impl.h"
#include "sim/tune/seeds.h"
#include "sim/tune/tasks.h"

static struct tune_task task_of(const struct tune_study *study,
    const struct tune_settings *settings, uint64_t seed, size_t doubt)
{
	return (struct tune_task){ .settings = *settings,
		.seed = study->seed + seed,
		.doubt = doubt };
}

/* Whether the share of this study has the point. */
static bool of_shard(const struct tune_study *study, uint64_t point)
{
	return point % study->shards == study->shard - 1;
}

uint64_t tune_study_missing(const struct tune_study *study)
{
	uint64_t points = tune_sweep_points(&study->sweep), missing = 0;
	struct tune_settings settings;
	struct tune_task task;

	for (uint64_t i = 0; i < points; i++) {
		if (!of_shard(study, i))
			continue;
		tune_sweep_at(&study->sweep, i, &settings);
		task = task_of(study, &settings, 0, 0);
		missing += tune_records_get(&study->records, &task) == NULL;
	}
	return missing;
}

static enum tune_status no_memory(char *err, size_t err_bytes)
{
	snprintf(err, err_bytes, "out of memory");
	return TUNE_FAILED;
}

enum tune_status tune_study_sweep(struct tune_study *study, char *err,
    size_t err_bytes)
{
	uint64_t points = tune_sweep_points(&study->sweep);
	struct tune_tasks tasks = { .list = NULL };
	struct tune_settings settings;
	enum tune_status status;
	struct tune_task task;
	int rc = 0;

	for (uint64_t i = 0; i < points && rc == 0; i++) {
		if (!of_shard(study, i))
			continue;
		tune_sweep_at(&study->sweep, i, &settings);
		task = task_of(study, &settings, 0, 0);
		rc = tune_tasks_add(&tasks, &task);
	}
	status = rc != 0
	    ? no_memory(err, err_bytes)
	    : tune_tasks_run(study, &tasks, "points", err, err_bytes);
	tune_tasks_clear(&tasks);
	return status;
}

/* Lists the points with what they measured.  Returns 0, or -1. */
static int list_points(struct tune_study *study)
{
	uint64_t count = tune_sweep_points(&study->sweep);

	study->points = calloc(count + 1, sizeof *study->points);
	if (study->points == NULL)
		return -1;
	for (uint64_t i = 0; i < count; i++) {
		struct tune_candidate *c = &study->points[i];
		const struct tune_record *record;
		struct tune_task task;

		tune_sweep_at(&study->sweep, i, &c->settings);
		task = task_of(study, &c->settings, 0, 0);
		record = tune_records_get(&study->records, &task);
		assert(record != NULL);
		c->problem = record->problem;
		c->figures = record->figures;
	}
	study->points_count = count;
	return 0;
}

/* Adds the tasks of a point with all seeds. */
static int add_seeds(const struct tune_study *study, struct tune_tasks *tasks,
    const struct tune_settings *settings)
{
	for (uint64_t seed = 0; seed < study->seeds; seed++) {
		struct tune_task task = task_of(study, settings, seed, 0);

		if (tune_tasks_add(tasks, &task) != 0)
			return -1;
	}
	return 0;
}

static enum tune_status run_seeds(struct tune_study *study,
    const struct tune_settings *a, const struct tune_settings *b, char *err,
    size_t err_bytes)
{
	struct tune_tasks tasks = { .list = NULL };
	enum tune_status status;

	if (add_seeds(study, &tasks, a) != 0 ||
	    add_seeds(study, &tasks, b) != 0)
		status = no_memory(err, err_bytes);
	else
		status = tune_tasks_run(study, &tasks, "seeds", err, err_bytes);
	tune_tasks_clear(&tasks);
	return status;
}

/*
 * Chooses by the tolerance that was asked for, or by the spread of the seeds
 * between the best point and the one chosen by that tolerance, if it is more.
 */
static enum tune_status choose(struct tune_study *study, char *err,
    size_t err_bytes)
{
	const struct tune_settings *best, *chosen;
	enum tune_status status;
	double spread;

	study->tolerance = study->question.tolerance;
	tune_choose(&study->question, study->points, study->points_count,
	    &study->choice);
	if (study->choice.chosen == TUNE_NO_POINT)
		return TUNE_COMPLETE;
	best = &study->points[study->choice.best].settings;
	chosen = &study->points[study->choice.chosen].settings;
	status = run_seeds(study, best, chosen, err, err_bytes);
	if (status != TUNE_COMPLETE)
		return status;
	tune_seeds_gather(study, best, &study->best);
	spread = 3 * tune_seeds_pairs(study, chosen, best);
	study->by_spread = spread > study->tolerance;
	if (study->by_spread)
		study->tolerance = study->question.tolerance = spread;
	tune_choose(&study->question, study->points, study->points_count,
	    &study->choice);
	return TUNE_COMPLETE;
}

/* Lists the next values of each varied setting. */
static void list_steps(struct tune_study *study)
{
	const struct tune_settings *chosen =
	    &study->points[study->choice.chosen].settings;

	study->steps_count = 0;
	for (size_t axis = 0; axis < TUNE_AXES; axis++) {
		const struct tune_values *v = &study->sweep.values[axis];

		for (size_t i = 0; i < v->count; i++) {
			bool up =
			    i > 0 && v->list[i - 1] == chosen->value[axis];
			bool down = i + 1 < v->count &&
			    v->list[i + 1] == chosen->value[axis];
			struct tune_step *step =
			    &study->steps[study->steps_count];

			if (!up && !down)
				continue;
			step->axis = (enum tune_axis)axis;
			step->up = up;
			step->sample.settings = *chosen;
			step->sample.settings.value[axis] = v->list[i];
			study->steps_count++;
		}
	}
}

/* Gathers a point that is compared with the recommendation. */
static void gather_rival(const struct tune_study *study,
    const struct tune_settings *settings, struct tune_sample *sample)
{
	tune_seeds_gather(study, settings, sample);
	sample->pairs =
	    tune_seeds_pairs(study, settings, &study->chosen.settings);
}

/* Runs the recommendation, its steps and the settings of today, all seeds. */
static enum tune_status run_samples(struct tune_study *study, char *err,
    size_t err_bytes)
{
	const struct tune_settings *chosen =
	    &study->points[study->choice.chosen].settings;
	struct tune_tasks tasks = { .list = NULL };
	enum tune_status status;
	int rc = add_seeds(study, &tasks, chosen);

	for (size_t i = 0; i < study->steps_count && rc == 0; i++)
		rc = add_seeds(study, &tasks, &study->steps[i].sample.settings);
	if (rc == 0 && study->has_now)
		rc = add_seeds(study, &tasks, &study->now);
	status = rc != 0
	    ? no_memory(err, err_bytes)
	    : tune_tasks_run(study, &tasks, "seeds", err, err_bytes);
	tune_tasks_clear(&tasks);
	if (status != TUNE_COMPLETE)
		return status;
	tune_seeds_gather(study, chosen, &study->chosen);
	for (size_t i = 0; i < study->steps_count; i++) {
		struct tune_settings own = study->steps[i].sample.settings;

		gather_rival(study, &own, &study->steps[i].sample);
	}
	if (study->has_now)
		gather_rival(study, &study->now, &study->today);
	return TUNE_COMPLETE;
}

enum tune_status tune_study_conclude(struct tune_study *study, char *err,
    size_t err_bytes)
{
	enum tune_status status;

	if (list_points(study) != 0)
		return no_memory(err, err_bytes);
	status = choose(study, err, err_bytes);
	if (status != TUNE_COMPLETE || study->choice.chosen == TUNE_NO_POINT)
		return status;
	list_steps(study);
	status = run_samples(study, err, err_bytes);
	if (status == TUNE_COMPLETE)
		status = tune_study_doubt(study, err, err_bytes);
	if (status == TUNE_COMPLETE)
		status = tune_study_advise(study, err, err_bytes);
	if (status == TUNE_COMPLETE)
		status = tune_study_slow(study, err, err_bytes);
	if (status == TUNE_COMPLETE)
		status = tune_study_feeds(study, err, err_bytes);
	return status;
}

void tune_study_clear(struct tune_study *study)
{
	free(study->points);
	free(study->tests);
	tune_records_clear(&study->records);
}

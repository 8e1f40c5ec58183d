/*
 * advice.c: the recommendation for each program, from the points that it can
 * have.
 */
#include <stdlib.h>

#include "sim/tune/impl.h"
#include "sim/tune/tasks.h"

/*
 * Makes the sweep of a program: a setting that it does not have has one value.
 * The values are those of the study, which owns them.
 */
static struct tune_sweep sweep_of(const struct tune_study *study,
    const struct tune_program *program)
{
	struct tune_sweep sweep = study->sweep;

	for (size_t i = 0; i < TUNE_AXES; i++)
		if (program->names[i] == NULL)
			sweep.values[i].count = 0;
	return sweep;
}

static struct tune_task task_at(const struct tune_study *study,
    const struct tune_program *program, uint64_t point)
{
	struct tune_sweep sweep = sweep_of(study, program);
	struct tune_task task = { .seed = study->seed };

	tune_sweep_at(&sweep, point, &task.settings);
	tune_program_fix(program, &study->base.settings, &task.settings);
	return task;
}

static uint64_t points_of(const struct tune_study *study,
    const struct tune_program *program)
{
	struct tune_sweep sweep = sweep_of(study, program);

	return tune_sweep_points(&sweep);
}

/* Chooses from the points of a program.  Returns 0, or -1 without memory. */
static int choose(struct tune_study *study, enum tune_program_id id)
{
	const struct tune_program *program = tune_program_get(id);
	struct tune_advice *advice = &study->advice[id];
	uint64_t count = points_of(study, program);
	struct tune_candidate *list = calloc(count, sizeof *list);
	struct tune_choice choice;

	if (list == NULL)
		return -1;
	for (uint64_t i = 0; i < count; i++) {
		struct tune_task task = task_at(study, program, i);
		const struct tune_record *r =
		    tune_records_get(&study->records, &task);

		list[i] = (struct tune_candidate){ .settings = task.settings,
			.problem = r->problem,
			.figures = r->figures };
		/* A buffer that is a part of the program costs nothing. */
		if (program->names[TUNE_BUFFER] == NULL)
			list[i].settings.value[TUNE_BUFFER] = 0;
	}
	tune_choose(&study->question, list, count, &choice);
	advice->found = choice.chosen != TUNE_NO_POINT;
	if (advice->found)
		advice->chosen = list[choice.chosen];
	free(list);
	return 0;
}

enum tune_status tune_study_advise(struct tune_study *study, char *err,
    size_t err_bytes)
{
	struct tune_tasks tasks = { .list = NULL };
	enum tune_status status;
	int rc = 0;

	for (size_t id = 0; id < TUNE_PROGRAMS; id++) {
		const struct tune_program *program =
		    tune_program_get((enum tune_program_id)id);
		uint64_t count = points_of(study, program);

		for (uint64_t i = 0; i < count && rc == 0; i++) {
			struct tune_task task = task_at(study, program, i);

			rc = tune_tasks_add(&tasks, &task);
		}
	}
	snprintf(err, err_bytes, "out of memory");
	status = rc != 0
	    ? TUNE_FAILED
	    : tune_tasks_run(study, &tasks, "other programs", err, err_bytes);
	tune_tasks_clear(&tasks);
	for (size_t id = 0; id < TUNE_PROGRAMS && status == TUNE_COMPLETE; id++)
		if (choose(study, (enum tune_program_id)id) != 0)
			return TUNE_FAILED;
	return status;
}

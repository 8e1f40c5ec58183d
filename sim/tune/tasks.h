/*
 * tasks.h: runs the tasks of a study that have no record yet.
 *
 * Private to this room.
 */
#ifndef SIM_TUNE_TASKS_H
#define SIM_TUNE_TASKS_H

#include "sim/tune/study.h"

/* A list of tasks; must be all zeros at first. */
struct tune_tasks {
	struct tune_task *list;
	size_t count;
};

/* Adds a task.  Returns 0, or -1 without memory. */
int tune_tasks_add(struct tune_tasks *tasks, const struct tune_task *task);

/*
 * Runs the tasks that have no record, and records them.  `what` names them in
 * the progress: "points".
 */
enum tune_status tune_tasks_run(struct tune_study *study,
    const struct tune_tasks *tasks, const char *what, char *err,
    size_t err_bytes);

void tune_tasks_clear(struct tune_tasks *tasks);

#endif

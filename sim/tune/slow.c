/* slow.c: a source that is slower than the lowest speed of the drive. */
#include <math.h>

#include "sim/tune/impl.h"
#include "sim/tune/speed.h"
#include "sim/tune/tasks.h"

const uint64_t tune_slow_buffers[TUNE_SLOW_BUFFERS] = { UINT64_C(64) << 20,
	UINT64_C(256) << 20, UINT64_C(1) << 30, UINT64_C(4) << 30,
	UINT64_C(16) << 30 };
const uint64_t tune_slow_fills[TUNE_SLOW_FILLS] = { 0, 50, 100 };

static struct tune_task task_of(const struct tune_study *study, size_t buffer,
    size_t fill)
{
	struct tune_task task = { .settings = study->chosen.settings,
		.seed = study->seed };

	task.settings.value[TUNE_BUFFER] = tune_slow_buffers[buffer];
	task.settings.value[TUNE_START_FILL] = tune_slow_fills[fill];
	return task;
}

static double stops_of(const struct tune_record *r)
{
	return r->problem != NULL ? NAN
				  : r->figures.of[TUNE_STOPS_DATA] * 3600 /
		r->figures.of[TUNE_DURATION];
}

enum tune_status tune_study_slow(struct tune_study *study, char *err,
    size_t err_bytes)
{
	struct tune_tasks tasks = { .list = NULL };
	enum tune_status status;
	struct tune_task task;
	int rc = 0;

	study->has_slow =
	    tune_mean_feed(&study->chosen) < tune_lowest_speed(study);
	if (!study->has_slow)
		return TUNE_COMPLETE;
	for (size_t i = 0; i < TUNE_SLOW_BUFFERS; i++)
		for (size_t j = 0; j < TUNE_SLOW_FILLS && rc == 0; j++) {
			task = task_of(study, i, j);
			rc = tune_tasks_add(&tasks, &task);
		}
	snprintf(err, err_bytes, "out of memory");
	status = rc != 0
	    ? TUNE_FAILED
	    : tune_tasks_run(study, &tasks, "slow source", err, err_bytes);
	tune_tasks_clear(&tasks);
	for (size_t i = 0; i < TUNE_SLOW_BUFFERS && status == TUNE_COMPLETE;
	     i++)
		for (size_t j = 0; j < TUNE_SLOW_FILLS; j++) {
			task = task_of(study, i, j);
			study->slow[i][j] =
			    stops_of(tune_records_get(&study->records, &task));
		}
	return status;
}

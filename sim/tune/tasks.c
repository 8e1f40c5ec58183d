/* tasks.c: see tasks.h. */
#include "sim/tune/tasks.h"

#include <inttypes.h>
#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "reports/units.h"
#include "sim/tune/points/pool.h"
#include "splitter/base/clock.h"
#include "splitter/base/grow.h"
#include "splitter/base/sentence.h"

#define SHOW_EVERY_NS INT64_C(200000000)

struct running {
	struct tune_study *study;
	const struct tune_tasks *tasks;
	const char *what;
	size_t done, count; /* of the tasks without a record */
	int64_t begun_ns, shown_ns;
	char *err;
	size_t err_bytes;
	bool failed;
};

int tune_tasks_add(struct tune_tasks *tasks, const struct tune_task *task)
{
	struct tune_task *list =
	    grow_by_one(tasks->list, tasks->count, sizeof *list);

	if (list == NULL)
		return -1;
	tasks->list = list;
	tasks->list[tasks->count++] = *task;
	return 0;
}

void tune_tasks_clear(struct tune_tasks *tasks)
{
	free(tasks->list);
	*tasks = (struct tune_tasks){ .list = NULL };
}

static char *work(void *arg, size_t piece, const char *folder)
{
	const struct running *r = arg;

	return tune_task_run(&r->study->base, &r->tasks->list[piece], folder);
}

/* Shows how many tasks are done, and the time left, on one line. */
static void show(struct running *r)
{
	int64_t now = clock_now_ns(), spent = now - r->begun_ns;
	char left[UNITS_BYTES];
	double seconds;
	bool last = r->done == r->count;

	if (!r->study->show || (!last && now - r->shown_ns < SHOW_EVERY_NS))
		return;
	r->shown_ns = now;
	seconds = ceil((double)spent / 1e9 * (double)(r->count - r->done) /
	    (double)r->done);
	/* An estimate is no finer than a second. */
	if (seconds < 100)
		snprintf(left, sizeof left, "%.0f s", seconds);
	else
		units_time(left, seconds);
	/* The rest of the old line is cleared before a new one begins. */
	fprintf(stderr, "\r%s: %zu of %zu%s%s%s\033[K%s", r->what, r->done,
	    r->count, last ? "" : ", ", last ? "" : left, last ? "" : " left",
	    last ? "\n" : "");
	fflush(stderr);
}

static bool done(void *arg, size_t piece, const char *line)
{
	struct running *r = arg;
	struct tune_record record;
	bool transient;

	(void)piece;
	r->failed = true;
	if (tune_record_parse(line, &record) != 0) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return false;
	}
	transient = record.transient;
	if (tune_records_add(&r->study->records, &record) != 0) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return false;
	}
	if (r->study->journal != NULL && !transient &&
	    tune_journal_add(r->study->journal, line, r->err, r->err_bytes) !=
		0)
		return false;
	r->failed = false;
	r->done++;
	show(r);
	return true;
}

/* Writes the settings of a task, for a message. */
static void describe(const struct tune_study *study,
    const struct tune_task *task, char *buf, size_t bytes)
{
	char value[TUNE_TEXT_BYTES];

	*buf = '\0';
	for (size_t i = 0; i < TUNE_AXES; i++) {
		size_t used = strlen(buf);

		if (study->sweep.values[i].count > 0)
			snprintf(buf + used, bytes - used, "%s%s %s",
			    used > 0 ? ", " : "",
			    tune_axis_name((enum tune_axis)i),
			    tune_axis_text((enum tune_axis)i,
				task->settings.value[i], value));
	}
}

static enum tune_status status_of(struct running *r,
    enum tune_pool_status status, size_t broken)
{
	char settings[256], why[256];

	switch (status) {
	case TUNE_POOL_DONE:
		return TUNE_COMPLETE;
	case TUNE_POOL_STOPPED:
		return r->failed ? TUNE_FAILED : TUNE_INTERRUPTED;
	case TUNE_POOL_FAILED:
		return TUNE_FAILED;
	default:
		break;
	}
	snprintf(why, sizeof why, "%s", r->err);
	describe(r->study, &r->tasks->list[broken], settings, sizeof settings);
	sentence(r->err, r->err_bytes,
	    "the run with %s failed: %s: unless a user or the system did it, "
	    "this is a fault of tapelab, please report it",
	    settings, why);
	return TUNE_BROKEN;
}

static int by_task(const void *a, const void *b)
{
	return tune_task_compare(a, b);
}

static void keep(void *task)
{
	(void)task; /* the list owns it */
}

/*
 * Lists the places of the tasks without a record, each task once.  Returns 0,
 * or -1 without memory.
 */
static int list_missing(const struct tune_study *study,
    const struct tune_tasks *tasks, size_t *list, size_t *count)
{
	void *seen = NULL, **place;
	int rc = 0;

	*count = 0;
	for (size_t i = 0; i < tasks->count && rc == 0; i++) {
		if (tune_records_get(&study->records, &tasks->list[i]) != NULL)
			continue;
		place = tsearch(&tasks->list[i], &seen, by_task);
		if (place == NULL)
			rc = -1;
		else if (*place == &tasks->list[i])
			list[(*count)++] = i;
	}
	tdestroy(seen, keep);
	return rc;
}

enum tune_status tune_tasks_run(struct tune_study *study,
    const struct tune_tasks *tasks, const char *what, char *err,
    size_t err_bytes)
{
	struct running r = { .study = study,
		.tasks = tasks,
		.what = what,
		.begun_ns = clock_now_ns(),
		.err = err,
		.err_bytes = err_bytes };
	const struct tune_pool pool = {
		.jobs = study->jobs, .arg = &r, .work = work, .done = done
	};
	size_t *list = calloc(tasks->count + 1, sizeof *list), broken = 0;
	enum tune_pool_status status = TUNE_POOL_DONE;

	if (list == NULL || list_missing(study, tasks, list, &r.count) != 0) {
		snprintf(err, err_bytes, "out of memory");
		free(list);
		return TUNE_FAILED;
	}
	if (r.count > 0)
		status = tune_pool_run(&pool, list, r.count, &broken, err,
		    err_bytes);
	if (study->show && r.done > 0 && r.done < r.count)
		fputc('\n', stderr);
	free(list);
	return status_of(&r, status, broken);
}

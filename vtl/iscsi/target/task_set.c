/* task_set.c: executes the tasks of a set; see task_set.h. */
#include "vtl/iscsi/target/task_set_impl.h"

#include <assert.h>
#include <stdlib.h>

#include "splitter/base/clock.h"

void iscsi_task_set_wake_worker(struct iscsi_task_set *set)
{
	pthread_cond_signal(&set->work);
}

/* A unit that becomes ready: invariant 6. */
static int64_t end_of(const struct iscsi_task_set *set)
{
	enum { NOT_READY = 2, BECOMING = 4 };
	const struct device_answer *answer = &set->answer;
	const struct sense *sense = &answer->decoded.sense;

	if (!unit_clocks_paced(set->clocks) &&
	    answer->status == DEVICE_CHECK_CONDITION &&
	    sense->key == NOT_READY && sense->asc == BECOMING)
		return answer->done_ns + INT64_C(60) * CLOCK_SECOND_NS;
	return answer->done_ns;
}

/* PREEMPT AND ABORT, called in device_execute(). */
static void preempt(void *arg, uint64_t nexuses)
{
	struct iscsi_task_set *set = arg;

	pthread_mutex_lock(&set->lock);
	set->preempted |= nexuses;
	pthread_mutex_unlock(&set->lock);
}

/*
 * Ends what waits of the nexuses that were preempted by the task in progress.
 * The set is locked.
 */
static void end_preempted(struct iscsi_task_set *set)
{
	uint64_t nexuses = set->preempted;
	struct iscsi_abort which = { .nexus = 0 };
	struct iscsi_task *list;

	set->preempted = 0;
	for (; nexuses != 0; nexuses >>= 1, which.nexus++) {
		if ((nexuses & 1) == 0)
			continue;
		list = iscsi_task_queue_remove(&set->queue, &which);
		pthread_mutex_unlock(&set->lock);
		iscsi_tasks_end(list);
		pthread_mutex_lock(&set->lock);
	}
}

/*
 * Takes the task from the queue and executes it, with the set locked, and
 * unlocked meanwhile; `quickly`: if the device can do that at once.  Returns
 * whether it was executed.
 */
static bool execute(struct iscsi_task_set *set, struct iscsi_task *task,
    bool quickly)
{
	struct unit_time time;
	bool executed = true;

	iscsi_task_queue_take(&set->queue, task);
	set->current = task;
	set->nexus = task->command.nexus;
	set->tag = task->tag;
	set->aborted = false;
	task->command.ended = &set->aborted;
	set->executing = true;
	pthread_mutex_unlock(&set->lock);
	time = unit_clock_begin(set->clocks, set->unit);
	if (quickly)
		executed = device_execute_quickly(set->device, &task->command,
		    time.now_ns, &set->answer);
	else
		device_execute(set->device, &task->command, time.now_ns,
		    &set->answer);
	if (executed)
		set->until_ns =
		    unit_clock_end(set->clocks, set->unit, &time, end_of(set));
	pthread_mutex_lock(&set->lock);
	end_preempted(set);
	set->executing = false;
	pthread_cond_broadcast(&set->changed);
	return executed;
}

/*
 * Leaves the task in progress, which was not executed, to the worker.  It is the
 * next one.  The set is locked.
 */
static void put_back(struct iscsi_task_set *set)
{
	iscsi_task_queue_put_back(&set->queue, set->current);
	set->current = NULL;
	iscsi_task_set_wake_worker(set);
}

/* Ends the task in progress, with the set locked. */
static void finish(struct iscsi_task_set *set)
{
	struct iscsi_task *task = set->current;
	bool aborted = set->aborted;

	set->finishing = true;
	pthread_mutex_unlock(&set->lock);
	if (aborted)
		unit_clock_skip(set->clocks, set->unit);
	else
		unit_clock_wake(set->clocks, set->unit);
	task->done(task, aborted ? NULL : &set->answer);
	pthread_mutex_lock(&set->lock);
	iscsi_task_queue_ended(&set->queue, set->nexus);
	set->finishing = false;
	set->current = NULL;
	if (set->queue.first != NULL || set->functions != NULL)
		iscsi_task_set_wake_worker(set);
}

bool iscsi_task_set_is_busy(const struct iscsi_task_set *set)
{
	return set->executing || set->finishing;
}

static bool may_begin(const struct iscsi_task_set *set)
{
	return set->current == NULL && set->functions == NULL && !set->stopped;
}

/* Resets the unit, with the set locked, and unlocked meanwhile. */
static void reset(struct iscsi_task_set *set)
{
	struct unit_time time;

	set->executing = true;
	pthread_mutex_unlock(&set->lock);
	time = unit_clock_begin(set->clocks, set->unit);
	device_reset(set->device, time.now_ns);
	pthread_mutex_lock(&set->lock);
	set->executing = false;
	pthread_cond_broadcast(&set->changed);
}

/*
 * Ends the first function, with the set locked, and unlocked meanwhile, when no
 * task is in progress.  Returns false if it must wait: for the thread that brought
 * it, or until the set is not stopped.
 */
static bool end_function(struct iscsi_task_set *set)
{
	struct iscsi_function *function = set->functions;

	if (!function->ready || (function->resets && set->stopped))
		return false;
	if (function->resets)
		reset(set);
	set->functions = function->next;
	pthread_mutex_unlock(&set->lock);
	function->done(function);
	pthread_mutex_lock(&set->lock);
	return true;
}

bool iscsi_task_set_work(struct iscsi_task_set *set, int64_t *until_ns)
{
	struct iscsi_task *next;

	*until_ns = INT64_MAX;
	if (iscsi_task_set_is_busy(set))
		return false;
	if (set->current != NULL) {
		if (!set->aborted &&
		    set->until_ns - unit_clocks_real_ns(set->clocks) >=
			PACE_SLEEP_MIN_NS) {
			*until_ns = set->until_ns;
			return false;
		}
		finish(set);
		return true;
	}
	if (set->functions != NULL)
		return end_function(set);
	if (!may_begin(set))
		return false;
	next = iscsi_task_queue_next(&set->queue);
	if (next == NULL)
		return false;
	execute(set, next, false);
	return true;
}

/* Waits for a change, or until a time of unit_clocks_real_ns(). */
static void wait_until(struct iscsi_task_set *set, int64_t until_ns)
{
	struct timespec at;

	if (until_ns == INT64_MAX) {
		pthread_cond_wait(&set->work, &set->lock);
		return;
	}
	at = clock_timespec(clock_now_ns() + until_ns -
	    unit_clocks_real_ns(set->clocks));
	pthread_cond_timedwait(&set->work, &set->lock, &at);
}

static void *work(void *arg)
{
	struct iscsi_task_set *set = arg;
	int64_t until_ns;

	pthread_mutex_lock(&set->lock);
	while (!set->ending)
		if (!iscsi_task_set_work(set, &until_ns))
			wait_until(set, until_ns);
	pthread_mutex_unlock(&set->lock);
	return NULL;
}

static void init_locks(struct iscsi_task_set *set)
{
	pthread_condattr_t attributes;

	pthread_mutex_init(&set->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&set->changed, &attributes);
	pthread_cond_init(&set->work, &attributes);
	pthread_condattr_destroy(&attributes);
}

struct iscsi_task_set *iscsi_task_set_create(struct device *device,
    struct unit_clocks *clocks, size_t unit, bool worker)
{
	struct iscsi_task_set *set = calloc(1, sizeof *set);

	if (set == NULL)
		return NULL;
	init_locks(set);
	set->device = device;
	set->clocks = clocks;
	set->unit = unit;
	if (worker && pthread_create(&set->thread, NULL, work, set) != 0) {
		iscsi_task_set_free(set);
		return NULL;
	}
	set->has_thread = worker;
	device_set_abort(device, preempt, set);
	return set;
}

void iscsi_task_set_free(struct iscsi_task_set *set)
{
	if (set == NULL)
		return;
	if (set->has_thread) {
		pthread_mutex_lock(&set->lock);
		set->ending = true;
		iscsi_task_set_wake_worker(set);
		pthread_mutex_unlock(&set->lock);
		pthread_join(set->thread, NULL);
	}
	assert(set->queue.first == NULL && set->current == NULL &&
	    set->functions == NULL);
	device_set_abort(set->device, NULL, NULL);
	pthread_cond_destroy(&set->work);
	pthread_cond_destroy(&set->changed);
	pthread_mutex_destroy(&set->lock);
	free(set);
}

struct device *iscsi_task_set_device(const struct iscsi_task_set *set)
{
	return set->device;
}

/*
 * A task of the queue is ready: executes it if it may be quick, is, and is the
 * next one, or leaves it to the worker.  The set is locked.
 */
static void begin(struct iscsi_task_set *set, struct iscsi_task *task)
{
	task->state = ISCSI_TASK_READY;
	if (task->quick && may_begin(set) &&
	    iscsi_task_queue_next(&set->queue) == task) {
		if (execute(set, task, true) || set->aborted)
			finish(set);
		else
			put_back(set);
	} else
		iscsi_task_set_wake_worker(set);
}

bool iscsi_task_set_add(struct iscsi_task_set *set, struct iscsi_task *task,
    bool complete)
{
	bool added;

	pthread_mutex_lock(&set->lock);
	added = iscsi_task_queue_add(&set->queue, task);
	if (added && complete)
		begin(set, task);
	pthread_mutex_unlock(&set->lock);
	return added;
}

void iscsi_task_set_complete(struct iscsi_task_set *set,
    struct iscsi_task *task)
{
	pthread_mutex_lock(&set->lock);
	if (task->state == ISCSI_TASK_WAITING)
		begin(set, task);
	pthread_mutex_unlock(&set->lock);
}

void iscsi_task_set_beside(struct iscsi_task_set *set,
    struct device_command *command, struct device_answer *answer)
{
	struct unit_time time;

	pthread_mutex_lock(&set->lock);
	command->beside = set->current != NULL || set->stopped;
	pthread_mutex_unlock(&set->lock);
	time = unit_clock_begin(set->clocks, set->unit);
	device_execute(set->device, command, time.now_ns, answer);
}

bool iscsi_task_set_step(struct iscsi_task_set *set, int64_t *until_ns)
{
	bool worked;

	pthread_mutex_lock(&set->lock);
	worked = iscsi_task_set_work(set, until_ns);
	pthread_mutex_unlock(&set->lock);
	return worked;
}

/* task_set.c: see task_set.h. */
#include "vtl/iscsi/target/task_set.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "splitter/base/clock.h"

struct iscsi_task_set {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a task has ended, or the device is idle */
	pthread_cond_t work;    /* for the worker */
	pthread_t thread;
	bool has_thread, ending;
	struct device *device;
	struct unit_clocks *clocks;
	size_t unit;
	struct iscsi_task *queue;
	size_t counts[DEVICE_NEXUSES]; /* tasks, with that in progress */
	bool stopped;                  /* by iscsi_task_set_stop() */
	unsigned resets;               /* resets in progress */
	unsigned beside;               /* executed by other threads */
	uint64_t preempted;            /* nexuses, by the task in progress */
	/*
	 * The task in progress.  done() frees it, so all that is needed of it
	 * later is here.
	 */
	struct iscsi_task *current;
	unsigned nexus;
	uint32_t tag;
	uint64_t serial;
	bool executing; /* in the device */
	bool aborted;
	bool finishing; /* in done(): too late to abort it */
	int64_t until_ns;
	struct device_answer answer;
};

static const struct iscsi_abort everything = { .nexus = ISCSI_EVERY_NEXUS };

static void wait_for_change(struct iscsi_task_set *set)
{
	pthread_cond_wait(&set->changed, &set->lock);
}

static void wake_worker(struct iscsi_task_set *set)
{
	pthread_cond_signal(&set->work);
}

static bool matches(const struct iscsi_abort *which, unsigned nexus,
    uint32_t tag)
{
	return (which->nexus == ISCSI_EVERY_NEXUS || which->nexus == nexus) &&
	    (!which->one || which->tag == tag);
}

/* Returns whether an earlier task of the nexus waits for its data. */
static bool is_delayed(const struct iscsi_task_set *set,
    const struct iscsi_task *task)
{
	const struct iscsi_task *t = set->queue;

	while (t != task && t->command.nexus != task->command.nexus)
		t = t->next;
	for (; t != task; t = t->next)
		if (t->state == ISCSI_TASK_WAITING &&
		    t->command.nexus == task->command.nexus)
			return true;
	return false;
}

/* The place in the queue of the task that is executed next. */
static struct iscsi_task **find_ready(struct iscsi_task_set *set)
{
	struct iscsi_task **at = &set->queue;

	while (*at != NULL &&
	    ((*at)->state != ISCSI_TASK_READY || is_delayed(set, *at)))
		at = &(*at)->next;
	return at;
}

static struct iscsi_task *take(struct iscsi_task **at)
{
	struct iscsi_task *task = *at;

	*at = task->next;
	task->next = NULL;
	task->state = ISCSI_TASK_OUTSIDE;
	return task;
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

/* Removes the tasks from the queue.  Returns them as a list. */
static struct iscsi_task *unqueue(struct iscsi_task_set *set,
    const struct iscsi_abort *which)
{
	struct iscsi_task **at = &set->queue, *list = NULL, **end = &list;

	while (*at != NULL)
		if (matches(which, (*at)->command.nexus, (*at)->tag)) {
			*end = take(at);
			set->counts[(*end)->command.nexus]--;
			end = &(*end)->next;
		} else
			at = &(*at)->next;
	return list;
}

/* PREEMPT AND ABORT, called in device_execute(). */
static void preempt(void *arg, uint64_t nexuses)
{
	struct iscsi_task_set *set = arg;

	pthread_mutex_lock(&set->lock);
	set->preempted |= nexuses;
	pthread_mutex_unlock(&set->lock);
}

/* Ends the tasks of the list without status. */
static void end_list(struct iscsi_task *list)
{
	struct iscsi_task *next;

	for (; list != NULL; list = next) {
		next = list->next;
		list->done(list, NULL);
	}
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
		list = unqueue(set, &which);
		pthread_mutex_unlock(&set->lock);
		end_list(list);
		pthread_mutex_lock(&set->lock);
	}
}

/*
 * Executes the task, with the set locked, and unlocked meanwhile; `quickly`: if
 * the device can do that at once.  Returns whether it was executed.
 */
static bool execute(struct iscsi_task_set *set, struct iscsi_task *task,
    bool quickly)
{
	struct unit_time time;
	bool executed = true;

	set->current = task;
	set->nexus = task->command.nexus;
	set->tag = task->tag;
	set->aborted = false;
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
	struct iscsi_task *task = set->current;

	task->state = ISCSI_TASK_READY;
	task->next = set->queue;
	set->queue = task;
	set->current = NULL;
	wake_worker(set);
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
	set->counts[set->nexus]--;
	set->finishing = false;
	set->current = NULL;
	set->serial++;
	pthread_cond_broadcast(&set->changed);
	if (set->queue != NULL)
		wake_worker(set);
}

/* Whether a thread executes a task or ends it. */
static bool is_busy(const struct iscsi_task_set *set)
{
	return set->executing || set->finishing;
}

static bool may_begin(const struct iscsi_task_set *set)
{
	return set->current == NULL && !set->stopped && set->resets == 0;
}

/* See iscsi_task_set_step().  The set is locked. */
static bool step(struct iscsi_task_set *set, int64_t *until_ns)
{
	struct iscsi_task **at;

	*until_ns = INT64_MAX;
	if (is_busy(set))
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
	if (!may_begin(set))
		return false;
	at = find_ready(set);
	if (*at == NULL)
		return false;
	execute(set, take(at), false);
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
		if (!step(set, &until_ns))
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
	pthread_cond_init(&set->changed, NULL);
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
		wake_worker(set);
		pthread_mutex_unlock(&set->lock);
		pthread_join(set->thread, NULL);
	}
	assert(set->queue == NULL && set->current == NULL);
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
	struct iscsi_task **at;

	task->state = ISCSI_TASK_READY;
	at = find_ready(set);
	if (task->quick && may_begin(set) && *at == task) {
		if (execute(set, take(at), true) || set->aborted)
			finish(set);
		else
			put_back(set);
	} else
		wake_worker(set);
}

bool iscsi_task_set_add(struct iscsi_task_set *set, struct iscsi_task *task,
    bool complete)
{
	struct iscsi_task **at = &set->queue;
	size_t *count = &set->counts[task->command.nexus];
	bool full;

	pthread_mutex_lock(&set->lock);
	full = *count == ISCSI_TASKS_MAX;
	if (!full) {
		++*count;
		while (*at != NULL && !task->head_of_queue)
			at = &(*at)->next;
		task->next = *at;
		task->state = ISCSI_TASK_WAITING;
		*at = task;
		if (complete)
			begin(set, task);
	}
	pthread_mutex_unlock(&set->lock);
	return !full;
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
	while (set->stopped)
		wait_for_change(set);
	set->beside++;
	command->beside = set->current != NULL;
	pthread_mutex_unlock(&set->lock);
	time = unit_clock_begin(set->clocks, set->unit);
	device_execute(set->device, command, time.now_ns, answer);
	pthread_mutex_lock(&set->lock);
	set->beside--;
	pthread_cond_broadcast(&set->changed);
	pthread_mutex_unlock(&set->lock);
}

/*
 * Wakes the task in progress, and waits for its end.  Returns whether it ended
 * without status.  The set is locked.
 */
static bool abort_current(struct iscsi_task_set *set)
{
	const uint64_t serial = set->serial;
	const bool in_time = !set->finishing;
	int64_t until_ns;

	if (in_time)
		set->aborted = true;
	wake_worker(set);
	while (set->serial == serial)
		if (set->has_thread || is_busy(set))
			wait_for_change(set);
		else
			step(set, &until_ns);
	return in_time;
}

size_t iscsi_task_set_abort(struct iscsi_task_set *set,
    const struct iscsi_abort *which, uint64_t *nexuses)
{
	struct iscsi_task *list;
	uint64_t ended = 0;
	size_t count = 0;

	pthread_mutex_lock(&set->lock);
	list = unqueue(set, which);
	if (set->queue != NULL)
		wake_worker(set); /* tasks may have waited for those */
	if (set->current != NULL && matches(which, set->nexus, set->tag)) {
		const uint64_t current = UINT64_C(1) << set->nexus;

		if (abort_current(set)) {
			count++;
			ended |= current;
		}
	}
	pthread_mutex_unlock(&set->lock);
	for (const struct iscsi_task *t = list; t != NULL; t = t->next) {
		count++;
		ended |= UINT64_C(1) << t->command.nexus;
	}
	end_list(list);
	if (nexuses != NULL)
		*nexuses = ended;
	return count;
}

size_t iscsi_task_set_reset(struct iscsi_task_set *set)
{
	struct unit_time time;
	size_t count;

	pthread_mutex_lock(&set->lock);
	while (set->stopped)
		wait_for_change(set);
	set->resets++;
	pthread_mutex_unlock(&set->lock);
	/* No task begins; so the device is idle after this. */
	count = iscsi_task_set_abort(set, &everything, NULL);
	time = unit_clock_begin(set->clocks, set->unit);
	device_reset(set->device, time.now_ns);
	pthread_mutex_lock(&set->lock);
	set->resets--;
	pthread_cond_broadcast(&set->changed);
	wake_worker(set);
	pthread_mutex_unlock(&set->lock);
	return count;
}

void iscsi_task_set_stop(struct iscsi_task_set *set)
{
	pthread_mutex_lock(&set->lock);
	set->stopped = true;
	while (set->executing || set->beside > 0 || set->resets > 0)
		wait_for_change(set);
	pthread_mutex_unlock(&set->lock);
}

void iscsi_task_set_continue(struct iscsi_task_set *set)
{
	pthread_mutex_lock(&set->lock);
	set->stopped = false;
	pthread_cond_broadcast(&set->changed);
	wake_worker(set);
	pthread_mutex_unlock(&set->lock);
}

bool iscsi_task_set_step(struct iscsi_task_set *set, int64_t *until_ns)
{
	bool worked;

	pthread_mutex_lock(&set->lock);
	worked = step(set, until_ns);
	pthread_mutex_unlock(&set->lock);
	return worked;
}

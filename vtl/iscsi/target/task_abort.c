/*
 * task_abort.c: ends tasks before their time, resets the unit, and stops it for
 * a while.
 *
 * The thread that executes the task in progress ends it, whoever aborts it: an
 * abort marks it.  A function that has to wait for it, or to reset the unit, is
 * put into a list; the worker ends it.
 */
#include "splitter/base/clock.h"
#include "vtl/iscsi/target/task_set_impl.h"

static const struct iscsi_abort everything = { .nexus = ISCSI_EVERY_NEXUS };

/* Returns whether `which` names the task in progress.  The set is locked. */
static bool is_current(const struct iscsi_task_set *set,
    const struct iscsi_abort *which)
{
	return set->current != NULL &&
	    iscsi_abort_matches(which, set->nexus, set->tag);
}

/*
 * The task in progress ends without status, unless it is too late.  Returns
 * whether it does.  The set is locked.
 */
static bool abort_current(struct iscsi_task_set *set)
{
	int64_t until_ns;

	if (set->finishing)
		return false;
	set->aborted = true;
	iscsi_task_set_wake_worker(set);
	if (!set->has_thread)
		iscsi_task_set_work(set, &until_ns);
	return true;
}

/*
 * Takes the tasks out of the queue, and aborts the one in progress.  Returns
 * those taken as a list: the caller ends them when it has unlocked the set.
 */
static struct iscsi_task *take_tasks(struct iscsi_task_set *set,
    const struct iscsi_abort *which, size_t *count, uint64_t *nexuses)
{
	struct iscsi_task *list = iscsi_task_queue_remove(&set->queue, which);
	const unsigned nexus = set->nexus;

	*count = 0;
	*nexuses = 0;
	if (set->queue.first != NULL)
		iscsi_task_set_wake_worker(set); /* they may have waited */
	if (is_current(set, which) && abort_current(set)) {
		*count = 1;
		*nexuses = UINT64_C(1) << nexus;
	}
	for (const struct iscsi_task *t = list; t != NULL; t = t->next) {
		++*count;
		*nexuses |= UINT64_C(1) << t->command.nexus;
	}
	return list;
}

/*
 * Ends functions in a set without a worker, with the set locked; `resets`: also
 * those that reset the unit.
 */
static void end_functions(struct iscsi_task_set *set, bool resets)
{
	int64_t until_ns;

	while (!set->has_thread && set->functions != NULL &&
	    (resets || !set->functions->resets) &&
	    iscsi_task_set_work(set, &until_ns)) {}
}

size_t iscsi_task_set_abort(struct iscsi_task_set *set,
    const struct iscsi_abort *which, uint64_t *nexuses)
{
	struct iscsi_task *list;
	uint64_t ended;
	size_t count;

	pthread_mutex_lock(&set->lock);
	list = take_tasks(set, which, &count, &ended);
	end_functions(set, true);
	pthread_mutex_unlock(&set->lock);
	iscsi_tasks_end(list);
	if (nexuses != NULL)
		*nexuses = ended;
	return count;
}

/* Adds a function to the list, with the set locked. */
static void add_function(struct iscsi_task_set *set,
    struct iscsi_function *function)
{
	struct iscsi_function **at = &set->functions;

	while (*at != NULL)
		at = &(*at)->next;
	function->next = NULL;
	function->ready = false;
	*at = function;
}

void iscsi_task_set_perform(struct iscsi_task_set *set,
    struct iscsi_function *function)
{
	const struct iscsi_abort *which =
	    function->resets ? &everything : &function->which;
	struct iscsi_task *list;
	bool waits;

	pthread_mutex_lock(&set->lock);
	waits = function->resets || is_current(set, which);
	if (waits) /* first: no task begins from here on */
		add_function(set, function);
	list = take_tasks(set, which, &function->count, &function->nexuses);
	pthread_mutex_unlock(&set->lock);
	iscsi_tasks_end(list);
	if (!waits) {
		function->done(function);
		return;
	}
	pthread_mutex_lock(&set->lock);
	function->ready = true;
	iscsi_task_set_wake_worker(set);
	end_functions(set, false);
	pthread_mutex_unlock(&set->lock);
}

void iscsi_task_set_stop(struct iscsi_task_set *set)
{
	pthread_mutex_lock(&set->lock);
	set->stopped = true;
	pthread_mutex_unlock(&set->lock);
}

bool iscsi_task_set_wait(struct iscsi_task_set *set, int64_t until_ns)
{
	const struct timespec until = clock_timespec(until_ns);
	bool executing;
	int error = 0;

	pthread_mutex_lock(&set->lock);
	while (set->executing && error == 0)
		error =
		    pthread_cond_timedwait(&set->changed, &set->lock, &until);
	executing = set->executing;
	pthread_mutex_unlock(&set->lock);
	return !executing;
}

void iscsi_task_set_continue(struct iscsi_task_set *set)
{
	pthread_mutex_lock(&set->lock);
	set->stopped = false;
	iscsi_task_set_wake_worker(set);
	pthread_mutex_unlock(&set->lock);
}

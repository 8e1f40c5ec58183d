/*
 * task_abort.c: ends tasks before their time, resets the unit, and stops it for
 * a while.
 *
 * The thread that executes the task in progress ends it, whoever aborts it: an
 * abort marks it, and waits for its done().
 */
#include "vtl/iscsi/target/task_set_impl.h"

static const struct iscsi_abort everything = { .nexus = ISCSI_EVERY_NEXUS };

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
	iscsi_task_set_wake_worker(set);
	while (set->serial == serial)
		if (set->has_thread || iscsi_task_set_is_busy(set))
			iscsi_task_set_wait(set);
		else
			iscsi_task_set_work(set, &until_ns);
	return in_time;
}

size_t iscsi_task_set_abort(struct iscsi_task_set *set,
    const struct iscsi_abort *which, uint64_t *nexuses)
{
	struct iscsi_task *list;
	uint64_t ended = 0;
	size_t count = 0;

	pthread_mutex_lock(&set->lock);
	list = iscsi_task_queue_remove(&set->queue, which);
	if (set->queue.first != NULL)
		iscsi_task_set_wake_worker(set); /* they may have waited */
	if (set->current != NULL &&
	    iscsi_abort_matches(which, set->nexus, set->tag)) {
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
	iscsi_tasks_end(list);
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
		iscsi_task_set_wait(set);
	set->resets++;
	pthread_mutex_unlock(&set->lock);
	/* No task begins; so the device is idle after this. */
	count = iscsi_task_set_abort(set, &everything, NULL);
	time = unit_clock_begin(set->clocks, set->unit);
	device_reset(set->device, time.now_ns);
	pthread_mutex_lock(&set->lock);
	set->resets--;
	pthread_cond_broadcast(&set->changed);
	iscsi_task_set_wake_worker(set);
	pthread_mutex_unlock(&set->lock);
	return count;
}

void iscsi_task_set_stop(struct iscsi_task_set *set)
{
	pthread_mutex_lock(&set->lock);
	set->stopped = true;
	while (set->executing || set->resets > 0)
		iscsi_task_set_wait(set);
	pthread_mutex_unlock(&set->lock);
}

void iscsi_task_set_continue(struct iscsi_task_set *set)
{
	pthread_mutex_lock(&set->lock);
	set->stopped = false;
	pthread_cond_broadcast(&set->changed);
	iscsi_task_set_wake_worker(set);
	pthread_mutex_unlock(&set->lock);
}

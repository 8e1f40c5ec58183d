/*
 * task_queue.c: the tasks that wait, in their order; see invariants 1 and 2 of
 * task_set.h.
 */
#include "vtl/iscsi/target/task_set_impl.h"

bool iscsi_abort_matches(const struct iscsi_abort *which, unsigned nexus,
    uint32_t tag)
{
	return (which->nexus == ISCSI_EVERY_NEXUS || which->nexus == nexus) &&
	    (!which->one || which->tag == tag);
}

bool iscsi_task_queue_add(struct iscsi_task_queue *queue,
    struct iscsi_task *task)
{
	struct iscsi_task **at = &queue->first;
	size_t *count = &queue->counts[task->command.nexus];

	if (*count == ISCSI_TASKS_MAX)
		return false;
	++*count;
	while (*at != NULL && !task->head_of_queue)
		at = &(*at)->next;
	task->next = *at;
	task->state = ISCSI_TASK_WAITING;
	*at = task;
	return true;
}

/* Returns whether an earlier task of the nexus waits for its data. */
static bool is_delayed(const struct iscsi_task_queue *queue,
    const struct iscsi_task *task)
{
	const struct iscsi_task *t = queue->first;

	while (t != task && t->command.nexus != task->command.nexus)
		t = t->next;
	for (; t != task; t = t->next)
		if (t->state == ISCSI_TASK_WAITING &&
		    t->command.nexus == task->command.nexus)
			return true;
	return false;
}

struct iscsi_task *iscsi_task_queue_next(const struct iscsi_task_queue *queue)
{
	struct iscsi_task *task = queue->first;

	while (task != NULL &&
	    (task->state != ISCSI_TASK_READY || is_delayed(queue, task)))
		task = task->next;
	return task;
}

/* Takes the task at this place out of the queue. */
static struct iscsi_task *take(struct iscsi_task **at)
{
	struct iscsi_task *task = *at;

	*at = task->next;
	task->next = NULL;
	task->state = ISCSI_TASK_OUTSIDE;
	return task;
}

void iscsi_task_queue_take(struct iscsi_task_queue *queue,
    struct iscsi_task *task)
{
	struct iscsi_task **at = &queue->first;

	while (*at != task)
		at = &(*at)->next;
	take(at);
}

void iscsi_task_queue_put_back(struct iscsi_task_queue *queue,
    struct iscsi_task *task)
{
	task->state = ISCSI_TASK_READY;
	task->next = queue->first;
	queue->first = task;
}

void iscsi_task_queue_ended(struct iscsi_task_queue *queue, unsigned nexus)
{
	queue->counts[nexus]--;
}

struct iscsi_task *iscsi_task_queue_remove(struct iscsi_task_queue *queue,
    const struct iscsi_abort *which)
{
	struct iscsi_task **at = &queue->first, *list = NULL, **end = &list;

	while (*at != NULL)
		if (iscsi_abort_matches(which, (*at)->command.nexus,
			(*at)->tag)) {
			*end = take(at);
			queue->counts[(*end)->command.nexus]--;
			end = &(*end)->next;
		} else
			at = &(*at)->next;
	return list;
}

void iscsi_tasks_end(struct iscsi_task *list)
{
	struct iscsi_task *next;

	for (; list != NULL; list = next) {
		next = list->next;
		list->done(list, NULL);
	}
}

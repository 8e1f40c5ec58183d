/*
 * task_set_impl.h: what the files of a task set share.
 *
 *     task_queue.c  the tasks that wait, and which of them is the next one
 *     task_set.c    executes tasks, one at a time, and ends functions
 *     task_abort.c  ends tasks before their time: aborts, resets, stops
 *
 * The set is locked during all functions here, except iscsi_tasks_end().
 */
#ifndef VTL_ISCSI_TASK_SET_IMPL_H
#define VTL_ISCSI_TASK_SET_IMPL_H

#include <pthread.h>
#include <stdatomic.h>

#include "vtl/iscsi/target/task_set.h"

struct iscsi_task_queue {
	struct iscsi_task *first;
	/* By nexus: the tasks here, and those taken that have not ended. */
	size_t counts[DEVICE_NEXUSES];
};

struct iscsi_task_set {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* the device is idle */
	pthread_cond_t work;    /* for the worker */
	pthread_t thread;
	bool has_thread, ending;
	struct device *device;
	struct unit_clocks *clocks;
	size_t unit;
	struct iscsi_task_queue queue;
	bool stopped; /* by iscsi_task_set_stop() */
	/*
	 * Functions that wait for the end of the task in progress, or for a
	 * reset, in order of arrival.  No task begins before they have ended.
	 */
	struct iscsi_function *functions;
	uint64_t preempted; /* nexuses, by the task in progress */
	/*
	 * The task in progress.  done() frees it, so all that is needed of it
	 * later is here.
	 */
	struct iscsi_task *current;
	unsigned nexus;
	uint32_t tag;
	bool executing; /* in the device: the task, or a reset */
	/* also read by the device: its command ends */
	atomic_bool aborted;
	bool finishing; /* in done(): too late to abort it */
	int64_t until_ns;
	struct device_answer answer;
};

/* task_queue.c */

/* Returns whether `which` names this task. */
bool iscsi_abort_matches(const struct iscsi_abort *which, unsigned nexus,
    uint32_t tag);

/* Adds a task, which waits for its data.  Returns false if it has no place. */
bool iscsi_task_queue_add(struct iscsi_task_queue *queue,
    struct iscsi_task *task);

/* Returns the task that is executed next, or NULL. */
struct iscsi_task *iscsi_task_queue_next(const struct iscsi_task_queue *queue);

/* Takes a task out of the queue, to execute it. */
void iscsi_task_queue_take(struct iscsi_task_queue *queue,
    struct iscsi_task *task);

/* A task that was taken was not executed: it is the next one again. */
void iscsi_task_queue_put_back(struct iscsi_task_queue *queue,
    struct iscsi_task *task);

/* A task of the nexus that was taken has ended. */
void iscsi_task_queue_ended(struct iscsi_task_queue *queue, unsigned nexus);

/* Removes tasks.  Returns them as a list. */
struct iscsi_task *iscsi_task_queue_remove(struct iscsi_task_queue *queue,
    const struct iscsi_abort *which);

/* Ends the tasks of a list without status. */
void iscsi_tasks_end(struct iscsi_task *list);

/* task_set.c */

void iscsi_task_set_wake_worker(struct iscsi_task_set *set);

/* Returns whether a thread executes or ends a task, or resets the device. */
bool iscsi_task_set_is_busy(const struct iscsi_task_set *set);

/* Does what iscsi_task_set_step() does. */
bool iscsi_task_set_work(struct iscsi_task_set *set, int64_t *until_ns);

#endif

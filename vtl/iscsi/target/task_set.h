/*
 * task_set.h: the commands of a logical unit that wait or are in progress
 * (SAM-5, task set).
 *
 *      add --> WAITING (data-out is missing) --+
 *       |                                      | iscsi_task_set_complete()
 *       +----> READY <-------------------------+
 *                |  worker, or the thread that made a quick task READY
 *                v
 *             device_execute() --> paced: sleeps until its end --> done()
 *
 * Invariants:
 *
 *  1. The commands of a nexus are executed in order of arrival, SIMPLE and
 *     ORDERED alike; HEAD OF QUEUE before all that wait.  Commands of several
 *     nexuses are executed in order of arrival, except that one whose data-out
 *     is missing delays only its own nexus.
 *  2. A nexus has at most ISCSI_TASKS_MAX commands in a set, so that no
 *     initiator keeps others from using the unit.
 *  3. A task that was added is ended exactly once, by done(): with an answer,
 *     or with NULL if it was aborted.  A long command that the device executes
 *     ends at its next block (device_command.ended), another one when the
 *     device returns.
 *  4. A task management function ends after the done() of all tasks that it
 *     aborted, so no status of them can follow its response, and before the next
 *     task begins.  The thread that asks for it does not wait for the device: a
 *     synchronisation takes as long as the disk needs.
 *  5. Nothing waits for an initiator: done() must not block.
 *  6. PREEMPT AND ABORT ends, without status, what waits of the nexuses that
 *     it preempts, before its own status.
 *  7. Not paced, a unit that becomes ready is given a minute of the model for
 *     each command that it refuses meanwhile: a load takes no real time.
 *
 * The lock of a set is not held during done() and device_execute(), which may
 * take it.  All
 * functions may be called by any thread, except by done().
 */
#ifndef VTL_ISCSI_TASK_SET_H
#define VTL_ISCSI_TASK_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/library/unit_clock.h"
#include "vtl/scsi/device/device.h"

enum { ISCSI_TASKS_MAX = 32 };

struct iscsi_task {
	/* The owner sets these; they do not change while it is in a set. */
	struct device_command command; /* `out` is complete when it is READY */
	uint32_t tag;                  /* names a task of its nexus */
	bool head_of_queue;
	/*
	 * The thread that makes it READY executes it, if no task is before it
	 * and device_execute_quickly() does.  Not of a paced set.  The owner may
	 * set it until the task is READY.
	 */
	bool quick;
	/* Ends the task.  The set does not use it any more. */
	void (*done)(struct iscsi_task *task,
	    const struct device_answer *answer);
	/* of the set */
	struct iscsi_task *next;
	enum iscsi_task_state {
		ISCSI_TASK_OUTSIDE, /* not in a set, or in progress */
		ISCSI_TASK_WAITING,
		ISCSI_TASK_READY
	} state;
};

struct iscsi_task_set;

/*
 * Makes an empty set of a unit, which is number `unit` of `clocks`.  Without
 * `worker` no thread is started: the owner calls iscsi_task_set_step(), and
 * calls all functions by one thread; an abort ends the task in progress itself.
 * Returns NULL without memory or thread.
 */
struct iscsi_task_set *iscsi_task_set_create(struct device *device,
    struct unit_clocks *clocks, size_t unit, bool worker);

/* Frees a set without tasks.  NULL is allowed. */
void iscsi_task_set_free(struct iscsi_task_set *set);

struct device *iscsi_task_set_device(const struct iscsi_task_set *set);

/*
 * Adds a task; `complete`: with its data-out.  Returns false, and does not call
 * done(), if its nexus has ISCSI_TASKS_MAX tasks: TASK SET FULL.  A quick task
 * may have ended on return.
 */
bool iscsi_task_set_add(struct iscsi_task_set *set, struct iscsi_task *task,
    bool complete);

/*
 * The data-out of a task is complete, unless the task was aborted.  A quick task
 * may have ended on return.
 */
void iscsi_task_set_complete(struct iscsi_task_set *set,
    struct iscsi_task *task);

/*
 * Executes a command that device_runs_beside() allows, in the thread of the
 * caller, and waits for no task, also in a set that is stopped.
 */
void iscsi_task_set_beside(struct iscsi_task_set *set,
    struct device_command *command, struct device_answer *answer);

enum { ISCSI_EVERY_NEXUS = DEVICE_NEXUSES };

/* Which tasks to abort. */
struct iscsi_abort {
	unsigned nexus; /* or ISCSI_EVERY_NEXUS */
	bool one;       /* only that with this tag */
	uint32_t tag;
};

/*
 * Ends tasks without status, and does not wait for the one in progress: its
 * done() follows.  Returns how many; *nexuses: bit N is set if nexus N had one.
 * `nexuses` may be NULL.
 */
size_t iscsi_task_set_abort(struct iscsi_task_set *set,
    const struct iscsi_abort *which, uint64_t *nexuses);

/* A task management function. */
struct iscsi_function {
	/* The owner sets these; they do not change until done(). */
	struct iscsi_abort which;
	bool resets; /* LOGICAL UNIT RESET: all tasks, and then the device */
	/* Ends the function.  The set does not use it any more. */
	void (*done)(struct iscsi_function *function);
	void *arg;
	/* The set sets these: as iscsi_task_set_abort() returns them. */
	size_t count;
	uint64_t nexuses;
	/* of the set */
	struct iscsi_function *next;
	bool ready; /* all that waited have ended */
};

/* Performs a function.  It may have ended on return. */
void iscsi_task_set_perform(struct iscsi_task_set *set,
    struct iscsi_function *function);

/*
 * No task or reset begins before iscsi_task_set_continue().  A command that was
 * executed may still sleep.
 */
void iscsi_task_set_stop(struct iscsi_task_set *set);

/*
 * Waits until the device executes none, at most until `until_ns` of
 * clock_now_ns().  Returns whether that is so.
 */
bool iscsi_task_set_wait(struct iscsi_task_set *set, int64_t until_ns);

void iscsi_task_set_continue(struct iscsi_task_set *set);

/*
 * Executes or ends one task, in a set without a worker.  Returns false if there
 * is nothing to do now; *until_ns is then the time at which there is, of
 * unit_clocks_real_ns(), or INT64_MAX.
 */
bool iscsi_task_set_step(struct iscsi_task_set *set, int64_t *until_ns);

#endif

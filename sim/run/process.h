/*
 * process.h: runs a scenario in a process of its own.
 *
 *     process_start() -> running, until `ended_fd` can be read
 *                          process_stop(): it is killed
 *                     -> process_finish(): its result
 *
 * Invariants:
 *  1. Whatever ends the process (a failed assertion, the out-of-memory killer, a
 *     signal), the scenario has a result, and its temporary files are removed.
 *  2. The process ends when its parent ends.
 *  3. Its standard error is kept, unless `show` is set: processes that run at
 *     the same time do not mix their messages.
 */
#ifndef SIM_RUN_PROCESS_H
#define SIM_RUN_PROCESS_H

#include <stdio.h>
#include <sys/types.h>

#include "sim/run/run.h"

/* What a process runs. */
struct process_task {
	/*
	 * Called in the process: returns the scenario, or NULL with a message.
	 */
	struct scenario *(*get)(void *arg, char *err, size_t err_bytes);
	void *arg;
	bool keeps_scenario;        /* otherwise the process frees it */
	const char *name, *file;    /* names in reports */
	struct run_options options; /* `folder` is not used */
};

/* A running process.  Its members are private, except `ended_fd`. */
struct process {
	int ended_fd; /* can be read when the process has ended */
	pid_t pid;
	int result_fd, error_fd;
	char *folder;
	const char *file;
	bool keep, stopped;
};

/*
 * Starts a process.  The calling process must have one thread, and must have
 * called signals_begin_parent().  `task` is not used later, except its strings.
 * Returns 0, or -1 with a message.
 */
int process_start(struct process *process, const struct process_task *task,
    char *err, size_t err_bytes);

/* Kills a process.  process_finish() must still be called. */
void process_stop(struct process *process);

/*
 * Waits for the end of a process.  Copies to `messages` what it printed on its
 * standard error.  Returns what run_scenario() returned; RUN_BROKEN without
 * results if the process died, and RUN_IMPOSSIBLE without results if it was
 * stopped.
 */
enum run_status process_finish(struct process *process, FILE *messages,
    struct results_scenario **results, char *err, size_t err_bytes);

/* Runs a scenario like run_scenario(), in a process. */
enum run_status run_process(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **results, char *err, size_t err_bytes);

#endif

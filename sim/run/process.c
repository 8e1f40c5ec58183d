/*
 * process.c: see process.h.
 *
 * The result is a file in memory, which the parent reads after the end of the
 * process.  The parent notices the end when a pipe is closed: only the process
 * has its other end.
 */
#include "sim/run/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/base/signals.h"
#include "sim/run/message.h"
#include "sim/setup/workspace.h"

/* If memory is short, the system ends a process of a scenario first. */
static void prefer_to_be_killed(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return;
	/* Without success the system chooses by size alone. */
	if (write(fd, "500", 3) != 3)
		errno = 0;
	close(fd);
}

/* Gets the scenario and runs it. */
static enum run_status get_and_run(const struct process_task *t,
    const struct run_options *o, struct results_scenario **results, char *err,
    size_t err_bytes)
{
	struct scenario *scenario;
	enum run_status status;

	if (signals_begin() != 0) {
		snprintf(err, err_bytes, "cannot handle signals: %s",
		    strerror(errno));
		return RUN_IMPOSSIBLE;
	}
	scenario = t->get(t->arg, err, err_bytes);
	if (scenario == NULL)
		return RUN_IMPOSSIBLE;
	status = run_scenario(scenario, t->name, t->file, o, results, err,
	    err_bytes);
	if (!t->keeps_scenario)
		scenario_free(scenario);
	return status;
}

/* The child process: runs the scenario and sends the result. */
static _Noreturn void run(const struct process_task *t, const struct process *p)
{
	struct run_options options = t->options;
	struct run_message m = { 0 };
	char err[512] = "";
	int rc;

	/* Discard output of the parent that was not written yet. */
	__fpurge(stdout);
	clearerr(stdout);
	prefer_to_be_killed();
	if (p->error_fd != -1 && dup2(p->error_fd, STDERR_FILENO) == -1)
		exit(EXIT_FAILURE);
	options.folder = p->folder;
	m.status = get_and_run(t, &options, &m.results, err, sizeof err);
	/* A signal makes system calls fail: report the signal, not the call. */
	if (m.status == RUN_IMPOSSIBLE && signals_signal() != 0)
		snprintf(err, sizeof err, "interrupted");
	m.err = err;
	if (m.status == RUN_IMPOSSIBLE)
		m.results = NULL;
	if (m.status == RUN_JUDGED)
		err[0] = '\0';
	rc = run_message_send(p->result_fd, &m);
	if (rc != 0)
		fprintf(stderr,
		    "tapelab: cannot send the result of a scenario: %s\n",
		    strerror(errno));
	if (m.results != NULL)
		results_scenario_free(m.results);
	if (!options.keep_volumes)
		/* The parent, which would remove the folder, may be dead. */
		rmdir(options.folder);
	exit(rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* Describes how a process died that sent no result. */
static enum run_status died(int status, char *err, size_t err_bytes)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == signals_signal()) {
		snprintf(err, err_bytes, "interrupted");
		return RUN_IMPOSSIBLE;
	}
	if (!WIFSIGNALED(status))
		snprintf(err, err_bytes,
		    "the process of this scenario ended with status %d and "
		    "without a result: this is a fault of tapelab, please "
		    "report it",
		    WEXITSTATUS(status));
	else if (WTERMSIG(status) == SIGKILL)
		snprintf(err, err_bytes,
		    "the process of this scenario was killed (SIGKILL), by a "
		    "user or by the system for lack of memory");
	else
		snprintf(err, err_bytes,
		    "the process of this scenario was ended by signal %d (%s): "
		    "unless a user sent it, this is a fault of tapelab, please "
		    "report it",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	return RUN_BROKEN;
}

/* Waits for the process; returns its status. */
static int await(pid_t child)
{
	siginfo_t info;
	int status = 0;

	/* Wait without reaping: the id of a reaped process may be reused. */
	while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == -1 &&
	    errno == EINTR)
		;
	signals_forget_child(child);
	while (waitpid(child, &status, 0) == -1 && errno == EINTR)
		;
	return status;
}

/* Copies what the process printed on its standard error. */
static void copy_errors(int fd, FILE *to)
{
	char text[4096];
	ssize_t n;

	if (fd == -1 || lseek(fd, 0, SEEK_SET) != 0)
		return;
	while ((n = read(fd, text, sizeof text)) > 0)
		fwrite(text, 1, (size_t)n, to);
}

/* Reads the result of a process that ended with `status`. */
static enum run_status conclude(const struct process *p, int status,
    struct results_scenario **results, char *err, size_t err_bytes)
{
	struct run_message m = { 0 };
	enum run_status result;
	int error = 0;

	if (p->stopped) {
		snprintf(err, err_bytes, "stopped");
		return RUN_IMPOSSIBLE;
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return died(status, err, err_bytes);
	if (lseek(p->result_fd, 0, SEEK_SET) != 0 ||
	    run_message_receive(p->result_fd, &m) != 0)
		error = errno;
	result = m.status;
	if (error == EBADMSG) {
		result = died(status, err, err_bytes);
	} else if (error != 0) {
		snprintf(err, err_bytes,
		    "cannot receive the result of the scenario: %s",
		    strerror(error));
		result = RUN_IMPOSSIBLE;
	} else {
		snprintf(err, err_bytes, "%s", m.err);
		*results = m.results;
		m.results = NULL;
		run_message_clear(&m);
	}
	return result;
}

static void close_if_open(int fd)
{
	if (fd != -1)
		close(fd);
}

/* Makes the files and the folder of a process.  Returns 0 or -1. */
static int prepare(struct process *p, const struct process_task *t, int ends[2],
    char *err, size_t err_bytes)
{
	p->folder = workspace_make_folder(NULL, err, err_bytes);
	if (p->folder == NULL)
		return -1;
	p->result_fd = memfd_create("result", MFD_CLOEXEC);
	if (!t->options.show)
		p->error_fd = memfd_create("messages", MFD_CLOEXEC);
	if (p->result_fd != -1 && (t->options.show || p->error_fd != -1) &&
	    pipe2(ends, O_CLOEXEC) == 0)
		return 0;
	snprintf(err, err_bytes,
	    "cannot make a file for the result of a scenario: %s",
	    strerror(errno));
	return -1;
}

int process_start(struct process *p, const struct process_task *t, char *err,
    size_t err_bytes)
{
	int ends[2] = { -1, -1 };

	*p = (struct process){ .pid = -1,
		.ended_fd = -1,
		.result_fd = -1,
		.error_fd = -1,
		.file = t->file,
		.keep = t->options.keep_volumes };
	if (prepare(p, t, ends, err, err_bytes) == 0) {
		fflush(NULL);
		p->pid = signals_fork();
		if (p->pid == 0) {
			close(ends[0]);
			run(t, p);
		}
		if (p->pid == -1 && signals_signal() != 0)
			snprintf(err, err_bytes, "interrupted");
		else if (p->pid == -1)
			snprintf(err, err_bytes, "cannot start a process: %s",
			    strerror(errno));
	}
	close_if_open(ends[1]);
	p->ended_fd = ends[0];
	if (p->pid != -1)
		return 0;
	close_if_open(p->ended_fd);
	close_if_open(p->result_fd);
	close_if_open(p->error_fd);
	if (p->folder != NULL)
		rmdir(p->folder);
	free(p->folder);
	return -1;
}

void process_stop(struct process *p)
{
	p->stopped = true;
	kill(p->pid, SIGKILL);
}

enum run_status process_finish(struct process *p, FILE *messages,
    struct results_scenario **results, char *err, size_t err_bytes)
{
	enum run_status result;
	int status = await(p->pid);

	*results = NULL;
	result = conclude(p, status, results, err, err_bytes);
	copy_errors(p->error_fd, messages);
	close(p->ended_fd);
	close(p->result_fd);
	close_if_open(p->error_fd);
	/* The child has printed the folder, unless it died. */
	if (!p->keep)
		workspace_remove_folder(p->folder);
	else if (*results == NULL && (result == RUN_BROKEN || p->stopped))
		fprintf(messages,
		    "%s: the files of the dead process are in %s\n", p->file,
		    p->folder);
	else
		rmdir(p->folder); /* remove the folder if it is empty */
	free(p->folder);
	return result;
}

static struct scenario *get_itself(void *arg, char *err, size_t err_bytes)
{
	(void)err;
	(void)err_bytes;
	return arg;
}

enum run_status run_process(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **results, char *err, size_t err_bytes)
{
	struct process_task t = { .get = get_itself,
		.arg = (void *)(uintptr_t)scenario,
		.keeps_scenario = true,
		.name = name,
		.file = file,
		.options = *options };
	struct process process;

	*results = NULL;
	if (process_start(&process, &t, err, err_bytes) != 0)
		return RUN_IMPOSSIBLE;
	return process_finish(&process, stderr, results, err, err_bytes);
}

/* process.c: runs a scenario in a process of its own. */
#include "sim/run/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/base/signals.h"
#include "sim/run/message.h"
#include "sim/setup/workspace.h"

struct task {
	const struct scenario *scenario;
	const char *name, *file;
	struct run_options options;
};

/* The child process: runs the scenario and sends the result. */
static _Noreturn void run(const struct task *t, int fd)
{
	struct run_message m = { 0 };
	char err[512] = "";
	int rc;

	/* Discard output of the parent that was not written yet. */
	__fpurge(stdout);
	clearerr(stdout);
	if (signals_begin() != 0) {
		snprintf(err, sizeof err, "cannot handle signals: %s",
		    strerror(errno));
		m.status = RUN_IMPOSSIBLE;
	} else {
		m.status = run_scenario(t->scenario, t->name, t->file,
		    &t->options, &m.results, err, sizeof err);
	}
	/* A signal makes system calls fail: report the signal, not the call. */
	if (m.status == RUN_IMPOSSIBLE && signals_signal() != 0)
		snprintf(err, sizeof err, "interrupted");
	m.err = err;
	if (m.status == RUN_IMPOSSIBLE)
		m.results = NULL;
	if (m.status == RUN_JUDGED)
		err[0] = '\0';
	rc = run_message_send(fd, &m);
	if (rc != 0)
		fprintf(stderr,
		    "tapelab: cannot send the result of a scenario: %s\n",
		    strerror(errno));
	if (m.results != NULL)
		results_scenario_free(m.results);
	close(fd);
	if (!t->options.keep_volumes)
		/* The parent, which would remove the folder, may be dead. */
		rmdir(t->options.folder);
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
	signals_forget_child();
	while (waitpid(child, &status, 0) == -1 && errno == EINTR)
		;
	return status;
}

/* Receives the result of the process, and waits for its end. */
static enum run_status conclude(pid_t child, int fd,
    struct results_scenario **results, char *err, size_t err_bytes)
{
	struct run_message m;
	int status, error = run_message_receive(fd, &m) == 0 ? 0 : errno;
	enum run_status result = m.status;

	/* A child that still writes gets an error instead of blocking. */
	close(fd);
	status = await(child);
	if (error != 0 && error != EBADMSG) {
		snprintf(err, err_bytes,
		    "cannot receive the result of the scenario: %s",
		    strerror(error));
		return RUN_IMPOSSIBLE;
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || error != 0) {
		run_message_clear(&m);
		return died(status, err, err_bytes);
	}
	snprintf(err, err_bytes, "%s", m.err);
	*results = m.results;
	m.results = NULL;
	run_message_clear(&m);
	return result;
}

static enum run_status run_below(const struct task *t,
    struct results_scenario **results, char *err, size_t err_bytes)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0) {
		snprintf(err, err_bytes, "cannot make a pipe: %s",
		    strerror(errno));
		return RUN_IMPOSSIBLE;
	}
	fflush(NULL);
	child = signals_fork();
	if (child == 0) {
		close(ends[0]);
		run(t, ends[1]);
	}
	close(ends[1]);
	if (child != -1)
		return conclude(child, ends[0], results, err, err_bytes);
	if (signals_signal() != 0)
		snprintf(err, err_bytes, "interrupted");
	else
		snprintf(err, err_bytes, "cannot start a process: %s",
		    strerror(errno));
	close(ends[0]);
	return RUN_IMPOSSIBLE;
}

enum run_status run_process(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **results, char *err, size_t err_bytes)
{
	struct task t = { .scenario = scenario,
		.name = name,
		.file = file,
		.options = *options };
	char *folder = workspace_make_folder(NULL, err, err_bytes);
	enum run_status status;

	*results = NULL;
	if (folder == NULL)
		return RUN_IMPOSSIBLE;
	t.options.folder = folder;
	status = run_below(&t, results, err, err_bytes);
	/* The child has printed the folder, unless it died. */
	if (!options->keep_volumes)
		workspace_remove_folder(folder);
	else if (status == RUN_BROKEN && *results == NULL)
		fprintf(stderr, "%s: the files of the dead process are in %s\n",
		    file, folder);
	else
		rmdir(folder); /* remove the folder if it is empty */
	free(folder);
	return status;
}

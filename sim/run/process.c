/* run_process.c: runs one scenario in a process of its own. */
#include "sim/run/process.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/base/signals.h"
#include "sim/run/message.h"
#include "sim/setup/workspace.h"

enum { FOLDERS_MAX = 16 };

/* What is run, and where. */
struct task {
	const struct scenario *scenario;
	const char *name, *file;
	struct run_options options;
};

/* The other process: runs it, and sends what came of it. */
static _Noreturn void run(const struct task *t, int fd)
{
	struct run_message m = { 0 };
	char err[512] = "";
	int rc;

	/* What the parent could not print is not printed here. */
	__fpurge(stdout);
	clearerr(stdout);
	if (signals_begin() != 0) {
		snprintf(err, sizeof err, "cannot take over signals: %s",
		    strerror(errno));
		m.status = RUN_IMPOSSIBLE;
	} else {
		m.status = run_scenario(t->scenario, t->name, t->file,
		    &t->options, &m.record, err, sizeof err);
	}
	/* A signal ends calls of the system, too: that is not what was wrong. */
	if (m.status == RUN_IMPOSSIBLE && signals_signal() != 0)
		snprintf(err, sizeof err, "interrupted");
	m.err = err;
	if (m.status == RUN_IMPOSSIBLE)
		m.record = NULL;
	if (m.status == RUN_JUDGED)
		err[0] = '\0';
	rc = run_message_send(fd, &m);
	if (rc != 0)
		fprintf(stderr, "tapelab: cannot hand on a result: %s\n",
		    strerror(errno));
	if (m.record != NULL)
		results_scenario_free(m.record);
	close(fd);
	if (!t->options.keep_volumes)
		rmdir(t->options.folder); /* the parent may be dead */
	exit(rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* How the process ended, where it has not said what came of the scenario. */
static enum run_status died(int status, char *err, size_t err_bytes)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == signals_signal()) {
		snprintf(err, err_bytes, "interrupted");
		return RUN_IMPOSSIBLE;
	}
	if (!WIFSIGNALED(status))
		snprintf(err, err_bytes,
		    "the process that ran it ended with "
		    "status %d, before its time: this is a fault of tapelab, "
		    "please report it",
		    WEXITSTATUS(status));
	else if (WTERMSIG(status) == SIGKILL)
		snprintf(err, err_bytes,
		    "the process that ran it was killed "
		    "(SIGKILL): by somebody, or by the system because there "
		    "was no memory left");
	else
		snprintf(err, err_bytes,
		    "the process that ran it was ended by "
		    "signal %d (%s): unless somebody sent that, this is a "
		    "fault of tapelab, please report it",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	return RUN_BROKEN;
}

/* Waits for the process; how it ended. */
static int await(pid_t child)
{
	siginfo_t info;
	int status = 0;

	/* Its number may be another's as soon as it is waited for. */
	while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == -1 &&
	    errno == EINTR)
		;
	signals_forget_child();
	while (waitpid(child, &status, 0) == -1 && errno == EINTR)
		;
	return status;
}

/* Takes what comes from the process, which has begun. */
static enum run_status conclude(pid_t child, int fd,
    struct results_scenario **record, char *err, size_t err_bytes)
{
	struct run_message m;
	int status, error = run_message_take(fd, &m) == 0 ? 0 : errno;
	enum run_status came_to = m.status;

	/* It does not wait for a reader that has given up. */
	close(fd);
	status = await(child);
	if (error != 0 && error != EBADMSG) {
		snprintf(err, err_bytes,
		    "cannot take the result from the "
		    "process that ran it: %s",
		    strerror(error));
		return RUN_IMPOSSIBLE;
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || error != 0) {
		run_message_clear(&m);
		return died(status, err, err_bytes);
	}
	snprintf(err, err_bytes, "%s", m.err);
	*record = m.record;
	m.record = NULL;
	run_message_clear(&m);
	return came_to;
}

static enum run_status run_below(const struct task *t,
    struct results_scenario **record, char *err, size_t err_bytes)
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
		return conclude(child, ends[0], record, err, err_bytes);
	if (signals_signal() != 0)
		snprintf(err, err_bytes, "interrupted");
	else
		snprintf(err, err_bytes, "cannot start a process: %s",
		    strerror(errno));
	close(ends[0]);
	return RUN_IMPOSSIBLE;
}

static int remove_one(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

enum run_status run_process(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **record, char *err, size_t err_bytes)
{
	struct task t = { .scenario = scenario,
		.name = name,
		.file = file,
		.options = *options };
	char *folder = workspace_make_folder(NULL, err, err_bytes);
	enum run_status status;

	*record = NULL;
	if (folder == NULL)
		return RUN_IMPOSSIBLE;
	t.options.folder = folder;
	status = run_below(&t, record, err, err_bytes);
	/* Where it is kept, that was said by the process, if it could. */
	if (!options->keep_volumes)
		nftw(folder, remove_one, FOLDERS_MAX, FTW_DEPTH | FTW_PHYS);
	else if (status == RUN_BROKEN && *record == NULL)
		fprintf(stderr, "%s: what it left is in %s\n", file, folder);
	else
		rmdir(folder); /* where nothing was kept */
	free(folder);
	return status;
}

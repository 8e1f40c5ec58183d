/* child.c: a child process whose output is read. */
#include "splitter/tool/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "splitter/base/signals.h"
#include "splitter/base/sentence.h"
#include "splitter/base/clock.h"

extern char **environ;

enum {
	PIPE_BYTES = 1 << 20, /* size of a pipe without privileges */
	GRACE_MS = 5000,      /* time to end by itself, and after SIGTERM */
	LOOK_MS = 20          /* interval of the checks */
};

struct child {
	const char *name;
	pid_t pid;
	int fd;    /* reading end of the pipe; -1: closed */
	int pidfd; /* readable when the child has ended; -1: unknown */
	bool own_group;
	bool ended;
	siginfo_t end; /* exit status of the child */
	bool reported; /* an open pipe in another process was reported */
};

/* Returns whether this process may read from a terminal. */
static bool in_foreground(void)
{
	int fd = open("/dev/tty", O_RDONLY | O_CLOEXEC);
	bool foreground = fd != -1 && tcgetpgrp(fd) == getpgrp();

	if (fd != -1)
		close(fd);
	return foreground;
}

/* Sets the default signal handling for the child. */
static int set_signals(posix_spawnattr_t *attr)
{
	sigset_t none, standard;

	sigemptyset(&none);
	sigemptyset(&standard);
	sigaddset(&standard, SIGPIPE);
	sigaddset(&standard, SIGXFSZ);
	return posix_spawnattr_setsigmask(attr, &none) != 0 ||
		posix_spawnattr_setsigdefault(attr, &standard) != 0
	    ? -1
	    : 0;
}

/* Starts the process.  Returns 0, or an errno. */
static int spawn(struct child *c, char *const *argv, int out)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	int rc;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return ENOMEM;
	if (posix_spawnattr_init(&attr) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return ENOMEM;
	}
	if (c->own_group)
		flags |= POSIX_SPAWN_SETPGROUP;
	rc = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (rc == 0 &&
	    (set_signals(&attr) != 0 ||
		posix_spawnattr_setflags(&attr, flags) != 0))
		rc = EINVAL;
	if (rc == 0)
		rc = posix_spawnp(&c->pid, argv[0], &actions, &attr, argv,
		    environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

struct child *child_start(char *const *argv, char *err, size_t err_bytes)
{
	struct child *c = calloc(1, sizeof *c);
	int ends[2], rc;

	if (c == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	c->name = argv[0];
	c->own_group = !in_foreground();
	rc = pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno;
	if (rc == 0) {
		fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES);
		rc = spawn(c, argv, ends[1]);
		close(ends[1]);
		if (rc != 0)
			close(ends[0]);
	}
	if (rc != 0) {
		sentence(err, err_bytes, "cannot start the command %s: %s",
		    c->name, strerror(rc));
		free(c);
		return NULL;
	}
	c->fd = ends[0];
	/* Without a pidfd, the end of the pipe shows the end of the child. */
	c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
	return c;
}

/*
 * Returns whether the child has ended, without waiting.  The child stays a
 * zombie, so that the id of its process group is not reused.
 */
static bool has_ended(struct child *c)
{
	siginfo_t end = { .si_pid = 0 };

	if (!c->ended &&
	    waitid(P_PID, (id_t)c->pid, &end, WEXITED | WNOHANG | WNOWAIT) ==
		0 &&
	    end.si_pid == c->pid) {
		c->ended = true;
		c->end = end;
	}
	return c->ended;
}

static bool has_failed(const struct child *c)
{
	return c->ended &&
	    (c->end.si_code != CLD_EXITED || c->end.si_status != 0);
}

static int64_t failed(const struct child *c, char *err, size_t err_bytes)
{
	if (c->end.si_code == CLD_EXITED)
		sentence(err, err_bytes,
		    "the command %s failed: it exited "
		    "with status %d",
		    c->name, c->end.si_status);
	else
		sentence(err, err_bytes,
		    "the command %s failed: it was "
		    "ended by signal %d (%s)",
		    c->name, c->end.si_status, strsignal(c->end.si_status));
	return -1;
}

static int64_t interrupted(char *err, size_t err_bytes)
{
	snprintf(err, err_bytes, "interrupted");
	return -1;
}

/*
 * Reports, once, that the command has exited with 0 while another process still
 * has its output open.
 */
static void report_held(struct child *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };

	if (c->reported || poll(&p, 1, 0) != 0)
		return;
	c->reported = true;
	fprintf(stderr,
	    "tapelab: the command %s has exited, but a process that "
	    "it started still has its output open: waiting for its end\n",
	    c->name);
}

/* Waits for bytes, or for the end of the pipe.  Returns 0, or -1. */
static int wait_for_output(struct child *c, char *err, size_t err_bytes)
{
	enum signals_ready ready;

	for (;;) {
		ready = signals_wait_either(c->fd, c->ended ? -1 : c->pidfd);
		if (ready == SIGNALS_CAME)
			return (int)interrupted(err, err_bytes);
		if (ready == SIGNALS_FIRST)
			return 0;
		if (has_ended(c) && has_failed(c))
			return (int)failed(c, err, err_bytes);
		report_held(c);
	}
}

/* Waits until the child has ended, after its output has ended. */
static int64_t wait_for_end(struct child *c, char *err, size_t err_bytes)
{
	while (!has_ended(c)) {
		if (c->pidfd != -1)
			signals_wait_readable(c->pidfd);
		else
			clock_sleep_ns(LOOK_MS * INT64_C(1000000));
		if (signals_signal() != 0)
			return interrupted(err, err_bytes);
	}
	if (signals_came())
		return interrupted(err, err_bytes);
	return has_failed(c) ? failed(c, err, err_bytes) : 0;
}

int64_t child_read(struct child *c, void *buf, uint64_t bytes, char *err,
    size_t err_bytes)
{
	ssize_t n;

	if (wait_for_output(c, err, err_bytes) != 0)
		return -1;
	do
		n = read(c->fd, buf, bytes);
	while (n == -1 && errno == EINTR);
	if (n > 0)
		return n;
	if (n == 0)
		return wait_for_end(c, err, err_bytes);
	sentence(err, err_bytes,
	    "cannot read the output of the command %s: "
	    "%s",
	    c->name, strerror(errno));
	return -1;
}

/*
 * Sends a signal to the command and, if it has its own group, to all its
 * children.
 */
static void pass_on(const struct child *c, int number)
{
	kill(c->own_group ? -c->pid : c->pid, number);
}

void child_stop(struct child *c)
{
	if (c->fd == -1)
		return;
	close(c->fd);
	c->fd = -1;
	if (signals_signal() != 0)
		pass_on(c, signals_signal());
}

/*
 * Waits for the end of the child for a limited time.  Returns false if it is
 * still running.
 */
static bool wait_a_while(struct child *c)
{
	struct pollfd p = { .fd = c->pidfd, .events = POLLIN };
	int left_ms;

	for (left_ms = GRACE_MS; !has_ended(c) && left_ms > 0;
	     left_ms -= LOOK_MS)
		poll(&p, 1, LOOK_MS);
	return c->ended;
}

void child_free(struct child *c)
{
	if (c == NULL)
		return;
	child_stop(c);
	if (!wait_a_while(c))
		pass_on(c, SIGTERM);
	if (!wait_a_while(c))
		pass_on(c, SIGKILL);
	while (waitpid(c->pid, NULL, 0) == -1 && errno == EINTR)
		;
	if (c->pidfd != -1)
		close(c->pidfd);
	free(c);
}

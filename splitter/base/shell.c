/* shell.c: see shell.h. */
#include "splitter/base/shell.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { ARGUMENTS_MAX = 8, BEFORE = 4 };

/* Starts the command.  `*from` receives a descriptor that reads its output. */
static int start(const char *script, const char *const *arguments, pid_t *pid,
    int *from)
{
	const char *argv[BEFORE + ARGUMENTS_MAX + 1] = { "sh", "-c", script,
		"sh" };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, plain;
	int ends[2], failed;

	for (int i = 0; i < ARGUMENTS_MAX && arguments[i] != NULL; i++)
		argv[BEFORE + i] = arguments[i];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	sigemptyset(&none);
	sigemptyset(&plain);
	sigaddset(&plain, SIGPIPE);
	sigaddset(&plain, SIGXFSZ);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes,
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigdefault(&attributes, &plain);
	posix_spawnattr_setsigmask(&attributes, &none);
	failed = posix_spawn(pid, "/bin/sh", &actions, &attributes,
	    (char *const *)(void *)argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (failed != 0)
		close(ends[0]);
	*from = ends[0];
	return failed;
}

/* Reads to the end, and keeps what there is room for. */
static size_t read_all(int from, char *output, size_t room)
{
	char piece[4096];
	size_t n = 0;
	ssize_t got;

	while ((got = read(from, piece, sizeof piece)) > 0 ||
	    (got == -1 && errno == EINTR)) {
		if (got == -1)
			continue;
		if ((size_t)got > room - 1 - n)
			got = (ssize_t)(room - 1 - n);
		memcpy(output + n, piece, (size_t)got);
		n += (size_t)got;
	}
	output[n] = '\0';
	return n;
}

/* The shell ends with a status of its own if it cannot run the command. */
static void describe(int status, char *err, size_t err_bytes)
{
	enum { NOT_EXECUTABLE = 126, NOT_FOUND = 127 };
	int number = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);

	snprintf(err, err_bytes, "it ended with %s %d%s",
	    WIFEXITED(status) ? "status" : "signal", number,
	    !WIFEXITED(status)             ? ""
		: number == NOT_FOUND      ? ": there is no such command"
		: number == NOT_EXECUTABLE ? ": it is not executable"
					   : "");
}

int shell_run(const char *script, const char *const *arguments, char *output,
    size_t room, size_t *bytes, char *err, size_t err_bytes)
{
	int status = 0, from = -1, failed;
	pid_t pid;

	failed = start(script, arguments, &pid, &from);
	if (failed != 0) {
		snprintf(err, err_bytes, "it cannot be run: %s",
		    strerror(failed));
		return -1;
	}
	*bytes = read_all(from, output, room);
	close(from);
	while (waitpid(pid, &status, 0) == -1) {
		if (errno == EINTR)
			continue;
		snprintf(err, err_bytes, "its status is unknown: %s",
		    strerror(errno));
		return -1;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	describe(status, err, err_bytes);
	return -1;
}

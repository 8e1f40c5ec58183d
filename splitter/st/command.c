/* command.c: a command that changes volumes. */
#include "splitter/st/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/format/header.h"

/* Starts the command.  `*from` receives a descriptor that reads its output. */
static int start(const char *command, const struct st_wanted *wanted,
    pid_t *pid, int *from)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)command,
		(char *)"sh", (char *)wanted->device, (char *)wanted->barcode,
		(char *)wanted->last, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, plain;
	int ends[2], failed;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	/*
	 * The command can be ended even if signals are blocked or ignored in
	 * this process.
	 */
	sigemptyset(&none);
	sigemptyset(&plain);
	sigaddset(&plain, SIGPIPE);
	sigaddset(&plain, SIGXFSZ);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes,
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigdefault(&attributes, &plain);
	posix_spawnattr_setsigmask(&attributes, &none);
	failed =
	    posix_spawn(pid, "/bin/sh", &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (failed != 0)
		close(ends[0]);
	*from = ends[0];
	return failed;
}

/*
 * Reads all output of the command, so that it can exit.  Stores the first line.
 */
static void read_line(int from, char *line, size_t bytes)
{
	char piece[512];
	size_t n = 0;
	ssize_t got;

	while ((got = read(from, piece, sizeof piece)) > 0 ||
	    (got == -1 && errno == EINTR)) {
		if (got > 0 && n < bytes - 1) {
			if ((size_t)got > bytes - 1 - n)
				got = (ssize_t)(bytes - 1 - n);
			memcpy(line + n, piece, (size_t)got);
			n += (size_t)got;
		}
	}
	line[n] = '\0';
	/*
	 * A zero byte must not end the line: it is replaced by a byte that is
	 * not valid in a barcode.
	 */
	while (strlen(line) < n)
		line[strlen(line)] = '\1';
	line[strcspn(line, "\r\n")] = '\0';
}

int st_change_by_command(void *arg, const struct st_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	const char *command = arg;
	char line[2 * TAPE_BARCODE_BYTES];
	int status, from = -1, failed;
	pid_t pid;

	failed = start(command, wanted, &pid, &from);
	if (failed != 0) {
		snprintf(err, err_bytes,
		    "cannot run the command that changes volumes: %s",
		    strerror(failed));
		return -1;
	}
	read_line(from, line, sizeof line);
	close(from);
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		snprintf(err, err_bytes,
		    "the command that changes volumes failed: it ended with %s "
		    "%d",
		    WIFEXITED(status) ? "status" : "signal",
		    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
		return -1;
	}
	if (line[0] != '\0' && !header_barcode_valid(line)) {
		snprintf(err, err_bytes,
		    "the command that changes volumes printed no valid "
		    "barcode: it must print 1 to 32 printable ASCII "
		    "characters, or nothing");
		return -1;
	}
	strcpy(barcode, line);
	return 0;
}

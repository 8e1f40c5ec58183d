/* main.c: the command: finds the verb, and does nothing else. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cmd.h"

static const struct verb {
	const char *name;
	char *full_name;	/* as messages and --help call it */
	int (*run)(int argc, char **argv);
	const char *what;
} verbs[] = {
	{ "run", (char[]){ "tapelab run" }, cmd_run,
	    "run scenarios, and judge what they expect" },
	{ "check", (char[]){ "tapelab check" }, cmd_check,
	    "read and validate scenarios only" },
	{ "write", (char[]){ "tapelab write" }, cmd_write,
	    "write a stream to tapes" },
	{ "read", (char[]){ "tapelab read" }, cmd_read,
	    "read a dump back from its tapes" },
	{ "scan", (char[]){ "tapelab scan" }, cmd_scan,
	    "list what is on tapes" },
	{ "label", (char[]){ "tapelab label" }, cmd_label,
	    "label volumes as free to be written to" },
};
enum { VERBS = sizeof verbs / sizeof *verbs };

static const char version[] = "tapelab 0.1\n";

static void usage(FILE *to)
{
	size_t i;

	fputs("usage: tapelab VERB [OPTION...] ARGUMENT...\n\n", to);
	for (i = 0; i < VERBS; i++)
		fprintf(to, "  %-8s %s\n", verbs[i].name, verbs[i].what);
	fputs("\n\"tapelab VERB --help\" says what a verb takes; the manual "
	    "page is tapelab(1).\n", to);
}

/* An assertion failed, and has said which: that has a status of its own. */
static void on_abort(int signal)
{
	static const char text[] = "tapelab: a broken invariant (above): this "
	    "is a fault of tapelab, please report it\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);

	(void)ignored;
	(void)signal;
	_exit(CMD_BROKEN);
}

static int run_verb(const struct verb *verb, int argc, char **argv)
{
	argv[0] = verb->full_name;
	return verb->run(argc, argv);
}

static int status;

/*
 * What was printed must have been written, or it is no success.  Runs at the
 * end of the program, for argp ends it by itself after --help.
 */
static void close_stdout(void)
{
	if (fclose(stdout) == 0)
		return;
	perror("tapelab: cannot write to standard output");
	_exit(status == CMD_OK ? CMD_USAGE : status);
}

/*
 * A standard stream that was closed stays unusable, but its number is taken:
 * else the next file to be opened would be mistaken for it.
 */
static void take_closed_streams(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY :
			    O_RDONLY);
}

int main(int argc, char **argv)
{
	size_t i;

	take_closed_streams();
	signal(SIGABRT, on_abort);
	signal(SIGPIPE, SIG_IGN);
	atexit(close_stdout);
	if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return status;
	}
	if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
		fputs(version, stdout);
		return status;
	}
	for (i = 0; argc >= 2 && i < VERBS; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return status = run_verb(&verbs[i], argc - 1,
			    argv + 1);
	status = CMD_USAGE;
	if (argc >= 2)
		fprintf(stderr, "tapelab: there is no verb \"%s\"\n", argv[1]);
	usage(stderr);
	return status;
}

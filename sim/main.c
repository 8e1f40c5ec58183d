/* main.c: the command: finds the verb, and does nothing else. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cmd.h"

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} verbs[] = {
	{ "run", cmd_run, "run scenarios, and judge what they expect" },
	{ "check", cmd_check, "read and validate scenarios only" },
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

/* What was printed must have been written, or it is no success. */
static int close_stdout(int status)
{
	if (fclose(stdout) == 0)
		return status;
	perror("tapelab: cannot write the results to standard output");
	return status == CMD_OK ? CMD_USAGE : status;
}

int main(int argc, char **argv)
{
	size_t i;

	signal(SIGABRT, on_abort);
	signal(SIGPIPE, SIG_IGN);
	if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return close_stdout(CMD_OK);
	}
	if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
		fputs(version, stdout);
		return close_stdout(CMD_OK);
	}
	for (i = 0; argc >= 2 && i < VERBS; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return close_stdout(verbs[i].run(argc - 1, argv + 1));
	if (argc >= 2)
		fprintf(stderr, "tapelab: there is no verb \"%s\"\n", argv[1]);
	usage(stderr);
	return CMD_USAGE;
}

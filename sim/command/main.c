/* main.c: the command: finds the verb, and does nothing else. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/command/cmd.h"
#include "sim/command/print.h"
#include "sim/command/subcommand.h"
#include "splitter/api/splitter.h"

static const struct subcommand list[] = {
	{ "run", (char[]){ "tapelab run" }, cmd_run,
	    "run scenarios, and judge what they expect", CMD_USAGE },
	{ "check", (char[]){ "tapelab check" }, cmd_check,
	    "read and validate scenarios only", CMD_USAGE },
	{ "write", (char[]){ "tapelab write" }, cmd_write,
	    "write a stream to tapes", CMD_OK },
	{ "read", (char[]){ "tapelab read" }, cmd_read,
	    "read a dump back from its tapes", CMD_LOST },
	{ "scan", (char[]){ "tapelab scan" }, cmd_scan, "list what is on tapes",
	    CMD_USAGE },
	{ "label", (char[]){ "tapelab label" }, cmd_label,
	    "label volumes as free to be written to", CMD_OK },
	{ "vtl", (char[]){ "tapelab vtl" }, cmd_vtl,
	    "make and use virtual tape libraries", CMD_OK },
	{ "mtx", (char[]){ "tapelab mtx" }, cmd_mtx,
	    "drive one as mtx drives a changer", CMD_OK },
};

static const struct subcommands verbs = {
	.program = "tapelab",
	.arguments = "[OPTION...] ARGUMENT...",
	.page = "tapelab(1)",
	.list = list,
	.count = sizeof list / sizeof *list,
};

static const char version[] = "tapelab " SPLITTER_VERSION "\n";

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

/*
 * A standard stream that was closed stays unusable, but its number is taken:
 * else the next file to be opened would be mistaken for it.
 */
static void take_closed_streams(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			open("/dev/null",
			    fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	int status;

	take_closed_streams();
	signal(SIGABRT, on_abort);
	signal(SIGPIPE, SIG_IGN);
	/* A file that may not grow is an error, as a full disk is. */
	signal(SIGXFSZ, SIG_IGN);
	print_begin();
	if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
		fputs(version, stdout);
		return CMD_OK;
	}
	/* By a link of that name it is what others call to change tapes. */
	if (argc >= 1 && strcmp(basename(argv[0]), "mtx") == 0)
		status = cmd_mtx(argc, argv);
	else
		status = subcommand_run(&verbs, argc, argv);
	return status;
}

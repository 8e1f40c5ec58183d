/* main.c: finds and runs the command of "tapelab". */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/command/cmd.h"
#include "sim/command/completion/completion.h"
#include "sim/command/config/config.h"
#include "sim/command/print.h"
#include "sim/command/subcommand.h"
#include "splitter/api/splitter.h"

static int cmd_completion(int argc, char **argv);

static const struct subcommand list[] = {
	{ "run", (char[]){ "tapelab run" }, cmd_run,
	    "run scenarios, and check their expectations",
	    .unprinted = CMD_USAGE, .no_config = true },
	{ "check", (char[]){ "tapelab check" }, cmd_check,
	    "check scenarios without running them", .unprinted = CMD_USAGE,
	    .no_config = true },
	{ "tune", (char[]){ "tapelab tune" }, cmd_tune,
	    "find good settings for a scenario by a sweep",
	    .unprinted = CMD_USAGE, .no_config = true },
	{ "report", (char[]){ "tapelab report" }, cmd_report,
	    "compare results, put the shares of a sweep together",
	    .unprinted = CMD_USAGE },
	{ "write", (char[]){ "tapelab write" }, cmd_write,
	    "write a stream to tapes", .unprinted = CMD_OK },
	{ "read", (char[]){ "tapelab read" }, cmd_read,
	    "read a dump back from tapes", .unprinted = CMD_LOST },
	{ "scan", (char[]){ "tapelab scan" }, cmd_scan,
	    "list the dumps on tapes", .unprinted = CMD_USAGE },
	{ "label", (char[]){ "tapelab label" }, cmd_label,
	    "label volumes as scratch", .unprinted = CMD_OK },
	{ "drives", (char[]){ "tapelab drives" }, cmd_drives,
	    "list drive models, and show their profiles",
	    .unprinted = CMD_USAGE },
	{ "calibrate", (char[]){ "tapelab calibrate" }, cmd_calibrate,
	    "measure a drive, and write its profile", .unprinted = CMD_OK },
	{ "release", (char[]){ "tapelab release" }, cmd_release,
	    "restore a tape drive that a killed run left",
	    .unprinted = CMD_OK },
	{ "record", (char[]){ "tapelab record" }, cmd_record,
	    "pass a pipe through, and record when its bytes come",
	    .unprinted = CMD_OK },
	{ "vtl", (char[]){ "tapelab vtl" }, cmd_vtl,
	    "make and operate virtual tape libraries", .unprinted = CMD_OK,
	    .below = &cmd_vtl_list },
	{ "serve", (char[]){ "tapelab serve" }, cmd_serve,
	    "serve a virtual tape library over iSCSI", .unprinted = CMD_OK },
	{ "mtx", (char[]){ "tapelab mtx" }, cmd_mtx,
	    "operate a virtual tape library like mtx", .unprinted = CMD_OK,
	    .words = cmd_mtx_words },
	{ "completion", (char[]){ "tapelab completion" }, cmd_completion,
	    "print a script for the completion of bash or zsh",
	    .unprinted = CMD_USAGE, .no_config = true },
};

static const struct subcommands commands = {
	.program = "tapelab",
	.arguments = "[OPTION...] ARGUMENT...",
	.page = "tapelab(1)",
	.list = list,
	.count = sizeof list / sizeof *list,
};

static int cmd_completion(int argc, char **argv)
{
	return completion_run(&commands, argc, argv);
}

static const char version[] = "tapelab " SPLITTER_VERSION "\n";

/* Handles SIGABRT: an assertion has failed and printed its message. */
static void on_abort(int signal)
{
	static const char text[] = "tapelab: an invariant is broken (see "
				   "above): this is an error in tapelab, "
				   "please report it\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);

	(void)ignored;
	(void)signal;
	_exit(CMD_BROKEN);
}

/*
 * Opens closed standard streams so that no other file gets their numbers. Reads
 * and writes on these streams still fail.
 */
static void take_closed_streams(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			open("/dev/null",
			    fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/*
 * Takes the option --config before the name of a command.  Returns the number
 * of its words; -1: the command reads no file, or the name is missing.
 */
static int take_config(int argc, char **argv)
{
	static const char option[] = "--config";
	const size_t bytes = sizeof option - 1;
	const struct subcommand *command;
	const char *file;
	int words;

	if (argc < 2 || strncmp(argv[1], option, bytes) != 0)
		return 0;
	if (argv[1][bytes] != '\0' && argv[1][bytes] != '=')
		return 0;
	words = argv[1][bytes] == '=' ? 1 : 2;
	if (argc < words + 1) {
		fputs("tapelab: --config: name a file, or none\n", stderr);
		return -1;
	}
	file = words == 1 ? argv[1] + bytes + 1 : argv[2];
	command = argc > words + 1 ? subcommand_find(&commands, argv[words + 1])
				   : NULL;
	if (command != NULL && strcmp(file, "none") != 0 &&
	    (command->no_config || command->words != NULL)) {
		fprintf(stderr,
		    "tapelab: --config: %s reads no configuration file\n",
		    command->full_name);
		return -1;
	}
	config_choose(file);
	return words;
}

int main(int argc, char **argv)
{
	int status, words;

	take_closed_streams();
	signal(SIGABRT, on_abort);
	signal(SIGPIPE, SIG_IGN);
	/* Report the file size limit as an error of write(2). */
	signal(SIGXFSZ, SIG_IGN);
	print_begin();
	if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
		fputs(version, stdout);
		return CMD_OK;
	}
	/* A link named mtx to this program runs the mtx command. */
	if (argc >= 1 && strcmp(basename(argv[0]), "mtx") == 0)
		status = cmd_mtx(argc, argv);
	else {
		config_begin(&commands);
		words = take_config(argc, argv);
		if (words < 0)
			return CMD_USAGE;
		status = subcommand_run(&commands, argc - words, argv + words);
	}
	return status;
}

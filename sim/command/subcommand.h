/* subcommand.h: finds and runs a subcommand. */
#ifndef SIM_SUBCOMMAND_H
#define SIM_SUBCOMMAND_H

#include <stddef.h>

struct subcommand {
	const char *name;
	char *full_name; /* name in messages and --help */
	int (*run)(int argc, char **argv);
	const char *what;
	/* Exit status if the subcommand succeeded, but its output was lost. */
	int unprinted;
};

struct subcommands {
	const char *program; /* "tapelab" */
	/* Arguments of the usage line, after the command. */
	const char *arguments;
	const char *page; /* the manual page: "tapelab(1)" */
	const struct subcommand *list;
	size_t count;
};

/*
 * Runs the command that argv[1] names, with the arguments after it, and returns
 * its status.  --help prints the list of commands.
 */
int subcommand_run(const struct subcommands *commands, int argc, char **argv);

#endif

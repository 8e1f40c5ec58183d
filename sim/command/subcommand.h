/* subcommand.h: finds and runs a subcommand. */
#ifndef SIM_SUBCOMMAND_H
#define SIM_SUBCOMMAND_H

#include <stddef.h>

struct subcommand {
	const char *name;
	char *full_name; /* in messages and --help */
	int (*run)(int argc, char **argv);
	const char *what;
	int unprinted; /* its status if it succeeded, but its output
				* was not written */
};

struct subcommands {
	const char *program;   /* "tapelab" */
	const char *arguments; /* after the command, for the usage */
	const char *page;      /* the manual page: "tapelab(1)" */
	const struct subcommand *list;
	size_t count;
};

/*
 * Runs the command that argv[1] names, with the arguments after it, and returns
 * its status.  --help prints the list of commands.
 */
int subcommand_run(const struct subcommands *commands, int argc, char **argv);

#endif

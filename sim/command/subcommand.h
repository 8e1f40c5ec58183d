/*
 * verbs.h: a command with verbs: finds the one that is asked for, and does
 * nothing else.
 */
#ifndef SIM_SUBCOMMAND_H
#define SIM_SUBCOMMAND_H

#include <stddef.h>

struct subcommand {
	const char *name;
	char *full_name; /* as messages and --help call it */
	int (*run)(int argc, char **argv);
	const char *what;
	int unprinted; /* its status if it went well, but what it has
				 * printed was not written */
};

struct subcommands {
	const char *program;   /* "tapelab" */
	const char *arguments; /* behind the verb, for the usage */
	const char *page;      /* the manual page: "tapelab(1)" */
	const struct subcommand *list;
	size_t count;
};

/*
 * Runs the verb that argv[1] names, with its own arguments behind its full
 * name, and returns its status.  --help prints the verbs.
 */
int subcommand_run(const struct subcommands *verbs, int argc, char **argv);

#endif

/* subcommand.h: finds and runs a subcommand. */
#ifndef SIM_SUBCOMMAND_H
#define SIM_SUBCOMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct subcommands;

struct subcommand {
	const char *name;
	char *full_name; /* name in messages and --help */
	int (*run)(int argc, char **argv);
	const char *what;
	/* Exit status if the subcommand succeeded, but its output was lost. */
	int unprinted;
	/* Its own subcommands, which `run` runs; NULL: it has none. */
	const struct subcommands *below;
	/*
	 * Returns the words that it takes, ended by NULL, for a subcommand
	 * without options; NULL: it parses its arguments by cmd_parse().
	 */
	const char *const *(*words)(void);
	/* It reads no configuration file: its result depends on its input. */
	bool no_config;
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

/* Returns the subcommand of this name, or NULL. */
const struct subcommand *subcommand_find(const struct subcommands *commands,
    const char *name);

/*
 * Returns the subcommand of this full name, also below others, or NULL.
 */
const struct subcommand *
subcommand_find_full(const struct subcommands *commands, const char *full_name);

#endif

/* subcommand.c: see subcommand.h. */
#include "sim/command/subcommand.h"

#include <stdio.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/command/print.h"

static void usage(const struct subcommands *commands, FILE *to)
{
	size_t i;

	fprintf(to, "usage: %s COMMAND %s\n\n", commands->program,
	    commands->arguments);
	for (i = 0; i < commands->count; i++)
		fprintf(to, "  %-10s %s\n", commands->list[i].name,
		    commands->list[i].what);
	fprintf(to,
	    "\n"
	    "\"%s COMMAND --help\" lists the options of a command; the manual "
	    "page is %s.\n",
	    commands->program, commands->page);
}

const struct subcommand *subcommand_find(const struct subcommands *commands,
    const char *name)
{
	size_t i;

	for (i = 0; i < commands->count; i++)
		if (strcmp(name, commands->list[i].name) == 0)
			return &commands->list[i];
	return NULL;
}

const struct subcommand *
subcommand_find_full(const struct subcommands *commands, const char *full_name)
{
	const struct subcommand *found;
	size_t i;

	for (i = 0; i < commands->count; i++) {
		if (strcmp(full_name, commands->list[i].full_name) == 0)
			return &commands->list[i];
		if (commands->list[i].below == NULL)
			continue;
		found =
		    subcommand_find_full(commands->list[i].below, full_name);
		if (found != NULL)
			return found;
	}
	return NULL;
}

int subcommand_run(const struct subcommands *commands, int argc, char **argv)
{
	const struct subcommand *command;
	int status;

	if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
		usage(commands, stdout);
		print_unwritten(CMD_USAGE);
		return CMD_OK;
	}
	command = argc >= 2 ? subcommand_find(commands, argv[1]) : NULL;
	if (command != NULL) {
		argv[1] = command->full_name;
		status = command->run(argc - 1, argv + 1);
		print_unwritten(command->unprinted);
		return status;
	}
	if (argc >= 2)
		fprintf(stderr, "%s: unknown command \"%s\"\n",
		    commands->program, argv[1]);
	usage(commands, stderr);
	return CMD_USAGE;
}

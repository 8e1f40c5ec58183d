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
		fprintf(to, "  %-9s %s\n", commands->list[i].name,
		    commands->list[i].what);
	fprintf(to,
	    "\n"
	    "\"%s COMMAND --help\" lists the options of a command; the manual "
	    "page is %s.\n",
	    commands->program, commands->page);
}

int subcommand_run(const struct subcommands *commands, int argc, char **argv)
{
	size_t i;
	int status;

	if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
		usage(commands, stdout);
		print_unwritten(CMD_USAGE);
		return CMD_OK;
	}
	for (i = 0; argc >= 2 && i < commands->count; i++) {
		if (strcmp(argv[1], commands->list[i].name) != 0)
			continue;
		argv[1] = commands->list[i].full_name;
		status = commands->list[i].run(argc - 1, argv + 1);
		print_unwritten(commands->list[i].unprinted);
		return status;
	}
	if (argc >= 2)
		fprintf(stderr, "%s: unknown command \"%s\"\n",
		    commands->program, argv[1]);
	usage(commands, stderr);
	return CMD_USAGE;
}

/* verbs.c: see verbs.h. */
#include "sim/command/subcommand.h"

#include <stdio.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/command/print.h"

static void usage(const struct subcommands *verbs, FILE *to)
{
	size_t i;

	fprintf(to, "usage: %s VERB %s\n\n", verbs->program, verbs->arguments);
	for (i = 0; i < verbs->count; i++)
		fprintf(to, "  %-8s %s\n", verbs->list[i].name,
		    verbs->list[i].what);
	fprintf(to,
	    "\n\"%s VERB --help\" says what a verb takes; the manual "
	    "page is %s.\n",
	    verbs->program, verbs->page);
}

int subcommand_run(const struct subcommands *verbs, int argc, char **argv)
{
	size_t i;
	int status;

	if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
		usage(verbs, stdout);
		print_unwritten(CMD_USAGE);
		return CMD_OK;
	}
	for (i = 0; argc >= 2 && i < verbs->count; i++) {
		if (strcmp(argv[1], verbs->list[i].name) != 0)
			continue;
		argv[1] = verbs->list[i].full_name;
		status = verbs->list[i].run(argc - 1, argv + 1);
		print_unwritten(verbs->list[i].unprinted);
		return status;
	}
	if (argc >= 2)
		fprintf(stderr, "%s: there is no verb \"%s\"\n", verbs->program,
		    argv[1]);
	usage(verbs, stderr);
	return CMD_USAGE;
}

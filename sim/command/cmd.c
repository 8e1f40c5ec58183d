/* cmd.c: see cmd.h. */
#include "sim/command/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/signals.h"

bool cmd_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	argp_err_exit_status = CMD_USAGE;
	return argp_parse(argp, argc, argv, 0, NULL, input) == 0;
}

bool cmd_begin(const struct argp *argp, int argc, char **argv, void *input)
{
	if (!cmd_parse(argp, argc, argv, input))
		return false;
	if (signals_begin() == 0)
		return true;
	fprintf(stderr, "tapelab: cannot install signal handlers: %s\n",
	    strerror(errno));
	return false;
}

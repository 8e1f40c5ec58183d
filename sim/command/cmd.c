/* cmd.c: see cmd.h. */
#include "sim/command/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/command/config/config.h"
#include "sim/command/verb_options.h"
#include "splitter/base/signals.h"

bool cmd_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	if (verb_options_take(argp))
		return false;
	argp_err_exit_status = CMD_USAGE;
	return config_parse(argp, argc, argv, input) == 0;
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

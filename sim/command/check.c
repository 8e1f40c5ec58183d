/* check.c: checks scenarios without running them. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/command/cmd.h"
#include "sim/run/suite.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct suite *suite = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (suite_add(suite, arg, NULL) != 0)
			argp_failure(state, CMD_USAGE, 0, "out of memory");
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name a scenario, or a folder of them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cmd_check(int argc, char **argv)
{
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "SCENARIO|DIR...",
		.doc =
		    "Checks scenarios without running them.\n"
		    "\vReports every error with file, line and column.  Exit "
		    "status: 0 all are good, 2 one is not.",
	};
	struct suite suite = { 0 };
	size_t i;
	int status = CMD_OK;

	if (!cmd_parse(&argp, argc, argv, &suite))
		return CMD_USAGE;
	if (suite_read(&suite) != 0)
		status = CMD_USAGE;
	for (i = 0; i < suite.count; i++)
		if (suite.entries[i].scenario != NULL)
			printf("%s: good\n", suite.entries[i].path);
	suite_free(&suite);
	return status;
}

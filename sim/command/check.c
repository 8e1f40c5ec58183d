/* check.c: checks scenarios without running them. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/command/cmd.h"
#include "sim/command/overrides.h"
#include "sim/run/suite.h"

struct arguments {
	struct suite suite;
	struct overrides overrides;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_SET:
		overrides_add(&a->overrides, arg, state);
		return 0;
	case ARGP_KEY_ARG:
		if (suite_add(&a->suite, arg, NULL) != 0)
			argp_failure(state, CMD_USAGE, 0, "out of memory");
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name a scenario, or a folder of them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = { OVERRIDES_OPTION, { 0 } };

int cmd_check(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "SCENARIO|DIR...",
		.doc =
		    "Checks scenarios without running them.\n"
		    "\vReports every error with file, line and column.  Exit "
		    "status: 0 all are good, 2 one is not.",
	};
	struct arguments a = { 0 };
	struct scenario_overrides overrides;
	size_t i;
	int status = CMD_OK;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	overrides = overrides_get(&a.overrides);
	if (suite_read(&a.suite, &overrides) != 0)
		status = CMD_USAGE;
	for (i = 0; i < a.suite.count; i++)
		if (a.suite.entries[i].scenario != NULL)
			printf("%s: good\n", a.suite.entries[i].path);
	suite_free(&a.suite);
	overrides_clear(&a.overrides);
	return status;
}

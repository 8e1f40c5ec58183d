/* check.c: checks scenarios without running them. */
#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/command/cmd.h"
#include "sim/command/overrides.h"
#include "splitter/base/units.h"
#include "sim/suite/suite.h"

enum { KEY_MAX_CASES = 256 };

struct arguments {
	struct suite suite;
	struct overrides overrides;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	char err[256];

	switch (key) {
	case KEY_MAX_CASES:
		if (units_parse_count(arg, 1, INT64_MAX,
			&a->suite.options.cases_max, err, sizeof err) != 0)
			argp_error(state, "--max-cases: %s", err);
		return 0;
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

static const struct argp_option options[] = {
	{ "max-cases", KEY_MAX_CASES, "N", 0,
	    "accept files with up to N cases (default 1000)", 0 },
	OVERRIDES_OPTION,
	{ 0 },
};

/* Prints the files without an error, with their number of cases. */
static void print_good(const struct suite *suite)
{
	for (size_t i = 0; i < suite->files_count; i++) {
		const struct suite_file *f = suite->files[i];
		uint64_t cases;

		if (f->bad)
			continue;
		cases = compose_count(f->compose);
		if (cases == 1)
			printf("%s: good\n", suite_path(f));
		else
			printf("%s: good, %" PRIu64 " cases\n", suite_path(f),
			    cases);
	}
}

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
	int status = CMD_OK;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	a.suite.options.set = a.overrides.list;
	a.suite.options.set_count = a.overrides.count;
	if (suite_read(&a.suite) != 0)
		status = CMD_USAGE;
	print_good(&a.suite);
	suite_free(&a.suite);
	overrides_clear(&a.overrides);
	return status;
}

/* run.c: `tapelab run`: reads and selects scenarios, and runs them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/write/write.h"
#include "sim/command/cmd.h"
#include "sim/command/run/impl.h"
#include "splitter/base/signals.h"

/* Makes the folders before the run, so that an error is found early. */
static int prepare_out(const char *out, const struct suite *suite)
{
	char err[512];
	size_t i;
	int rc;

	if (out == NULL)
		return 0;
	rc = report_prepare(out, err, sizeof err);
	for (i = 0; i < suite->count && rc == 0; i++)
		rc = report_prepare_scenario(out, suite->entries[i].name, err,
		    sizeof err);
	if (rc != 0)
		fprintf(stderr, "tapelab: %s\n", err);
	return rc;
}

/*
 * Installs the signal handlers: for a drive in this process, or for processes
 * that run cases.  Before this call an interrupt ends the process at once.
 */
static bool begin_signals(bool device)
{
	if ((device ? signals_begin() : signals_begin_parent()) == 0)
		return true;
	fprintf(stderr, "tapelab: cannot install signal handlers: %s\n",
	    strerror(errno));
	return false;
}

/* Prints a line for each case: name, tags and title, with tabs between. */
static int list_cases(const struct suite *suite)
{
	for (size_t i = 0; i < suite->count; i++) {
		const struct suite_entry *e = &suite->entries[i];

		printf("%s\t", e->name);
		for (size_t j = 0; e->tags != NULL && e->tags[j] != NULL; j++)
			printf("%s%s", j > 0 ? "," : "", e->tags[j]);
		printf("\t%s\n", e->title);
	}
	return CMD_OK;
}

/* Reads the files and selects the cases.  Returns 0, or -1 after an error. */
static int read_suite(const struct arguments *a, struct suite *suite)
{
	const struct selection selection = {
		.patterns = a->filters.list,
		.patterns_count = a->filters.count,
		.tags = a->tags.list,
		.tags_count = a->tags.count,
		.clock = !a->has_clock ? COMPOSE_ANY_CLOCK
		    : a->options.real  ? COMPOSE_REAL
				       : COMPOSE_VIRTUAL,
	};

	suite->options = (struct compose_options){
		.set = a->overrides.list,
		.set_count = a->overrides.count,
		.cases_max = a->cases_max,
		.has_seed = a->has_seed,
		.seed = a->options.seed,
	};
	for (size_t i = 0; i < a->paths_count; i++)
		if (suite_add(suite, a->paths[i], a->out) != 0) {
			fprintf(stderr, "tapelab: out of memory\n");
			return -1;
		}
	return suite_read(suite) == 0 ? suite_select(suite, &selection) : -1;
}

int cmd_run(int argc, char **argv)
{
	struct suite suite = { 0 };
	struct arguments a;
	int status = CMD_USAGE;

	if (!run_parse(argc, argv, &a))
		return CMD_USAGE;
	if (read_suite(&a, &suite) == 0) {
		if (a.list)
			status = list_cases(&suite);
		else if (a.device != NULL)
			status = begin_signals(true) ? run_accept(&a, &suite)
						     : CMD_USAGE;
		else if (prepare_out(a.out, &suite) == 0 &&
		    begin_signals(false))
			status = run_all(&a, &suite);
	}
	suite_free(&suite);
	run_arguments_clear(&a);
	if (signals_signal() != 0) {
		fflush(stdout);
		signals_die();
	}
	return status;
}

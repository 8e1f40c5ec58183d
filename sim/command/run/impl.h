/* impl.h: what the files of `tapelab run` share. */
#ifndef SIM_COMMAND_RUN_IMPL_H
#define SIM_COMMAND_RUN_IMPL_H

#include "sim/command/overrides.h"
#include "sim/run/run.h"
#include "sim/suite/pool.h"
#include "sim/suite/select.h"
#include "sim/suite/suite.h"

/* A list of arguments of an option that can be repeated. */
struct texts {
	const char **list; /* owned; the arguments are not */
	size_t count;
};

struct arguments {
	struct run_options options;
	bool has_clock, has_seed; /* given on the command line */
	const char *out;
	struct overrides overrides;
	struct texts filters, tags;
	uint64_t cases_max;
	unsigned jobs; /* 0: not given */
	int64_t timeout_ns;
	bool trace, list, fail_fast, update;
	/* Of an acceptance run. */
	const char *device;   /* NULL: no device */
	const char *second;   /* the drive that reads back; NULL: none */
	const char *changer;  /* NULL: a person changes the cartridges */
	struct texts volumes; /* the cartridges that may be used */
	struct texts overwrite;
	struct texts compare; /* folders of earlier runs */
	enum scenario_acceptance_run acceptance;
	bool quick, fill, yes;
	int64_t trial_ns; /* 0: no trial */
	char *command;    /* the command line; owned */
	char **paths;
	size_t paths_count;
};

/*
 * Parses the arguments.  Bad usage and --help end the program.  Returns false
 * without memory.
 */
bool run_parse(int argc, char **argv, struct arguments *a);

void run_arguments_clear(struct arguments *a);

/* Runs the suite, and prints and writes its results.  Returns the exit status. */
int run_all(const struct arguments *a, const struct suite *suite);

/*
 * Tests the drive of --device with the scenarios of the suite.  Returns the exit
 * status.
 */
int run_accept(const struct arguments *a, const struct suite *suite);

/*
 * Returns the command that runs a case again, which the caller frees, or NULL
 * without memory.
 */
char *run_again(const struct arguments *a, const struct suite_entry *entry);

#endif

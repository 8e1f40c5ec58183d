/* tune.h: what the commands tune and report have in common. */
#ifndef SIM_COMMAND_TUNE_H
#define SIM_COMMAND_TUNE_H

#include "sim/tune/request.h"

enum { TUNE_JOBS_MAX = 1024, TUNE_SHARDS_MAX = 65535 };

struct tune_run {
	const char *out;        /* NULL: no files are written */
	unsigned jobs;          /* 0: the processors */
	unsigned shard, shards; /* 0 of 0: the whole sweep, with its answer */
};

/*
 * Runs the sweep, or a share of it, and gives the answer.  Returns the exit
 * status.
 */
int tune_run(const struct tune_request *request, const struct tune_run *run);

/* Sets the number of runs at the same time, and whether progress is shown. */
void tune_plan_use(struct tune_plan *plan, unsigned jobs);

/*
 * Runs what the plan still needs, prints the answer and writes the files.
 * Returns the exit status.
 */
int tune_finish(struct tune_plan *plan, const struct tune_run *run);

#endif

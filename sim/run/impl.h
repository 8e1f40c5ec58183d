/* impl.h: one run of a scenario, for run.c and conclude.c. */
#ifndef SIM_RUN_IMPL_H
#define SIM_RUN_IMPL_H

#include "sim/run/recorder.h"
#include "sim/run/run.h"
#include "sim/run/verify.h"
#include "sim/setup/workspace.h"
#include "sim/source/content.h"

/* A run, with everything that it owns. */
struct run {
	const struct scenario *scenario;
	const struct run_options *options;
	char dump[HEADER_NAME_BYTES];
	uint64_t dump_id;
	enum volume_payload payload;
	struct workspace *workspace;
	struct library *library;
	struct content *content;
	struct recorder *recorder;
	struct results_scenario *results;
	struct dump_run_outcome outcome;
	enum verify_result restored;
	char problem[VOLUME_MESSAGE_BYTES]; /* why the run fails, or "" */
	char *err;
	size_t err_bytes;
};

/*
 * Concludes a run whose dump has ended: adds the volumes to the results, reads
 * the safe bytes back, and judges the expectations.  Returns 0, or -1 with a
 * message in r->err.
 */
int run_conclude(struct run *r);

#endif

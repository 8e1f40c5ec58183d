/*
 * impl.h: one run of a scenario.
 *
 *     dump.c       one dump: begins and ends its runs
 *     together.c   all dumps together, in virtual or in real time
 *     conclude.c   the results of a run whose dumps have ended
 *     run.c        runs a scenario
 *
 * A file calls only files above it in this list.
 */
#ifndef SIM_RUN_IMPL_H
#define SIM_RUN_IMPL_H

#include "sim/metrics/metrics.h"
#include "sim/run/execute.h"
#include "sim/run/measure/recorder.h"
#include "sim/run/run.h"
#include "sim/run/share.h"
#include "sim/run/trace_file.h"
#include "sim/run/measure/verify.h"
#include "sim/setup/workspace.h"
#include "sim/source/content.h"

/* One run of a dump. */
struct dump_pass {
	char name[HEADER_NAME_BYTES]; /* name of the dump on the volumes */
	uint64_t dump_id, seed;
	struct content *content; /* NULL: not open */
	/* The attempts and volumes of this run in the results of the dump. */
	size_t first_attempt, attempts_count;
	size_t first_volume;
	uint64_t safe_bytes;
};

/* A dump, with all its runs. */
struct dump {
	struct run *run;
	size_t place; /* in the scenario and in the results */
	struct recorder *recorder;
	struct trace_file *trace;      /* NULL: no trace */
	char *trace_path, *trace_name; /* of the trace */
	struct execution *execution;   /* of the run in progress */
	struct dump_pass *passes;      /* runs that have begun */
	size_t passes_count;
	struct dump_run_outcome outcome; /* of all runs together */
	bool out_of_memory;
	enum verify_result restored;
	char problem[VOLUME_MESSAGE_BYTES]; /* why the run fails, or "" */
};

/* A run, with everything that it owns. */
struct run {
	const struct scenario *scenario;
	const struct run_options *options;
	enum volume_payload payload;
	struct workspace *workspace;
	struct library *library;
	struct share *share; /* NULL: a single dump uses the library itself */
	struct strikes *strikes;
	struct usage *usage; /* NULL: nothing is known of the drives */
	struct shared_rate limit, bus; /* a rate of 0: no limit */
	const char **barcodes;         /* NULL: no volume is overwritten */
	struct dump *dumps;            /* one for each dump of the scenario */
	struct results_scenario *results;
	char problem[VOLUME_MESSAGE_BYTES]; /* why the run fails, or "" */
	char *err;
	size_t err_bytes;
};

/* dump.c */

/* Returns whether a dump is generated, so that it needs no bytes. */
bool dump_is_generated(const struct scenario_dump *dump);

/* Returns the results of a dump. */
struct results_dump *dump_results(const struct dump *dump);

/*
 * Prepares a dump, whose results exist.  Returns 0, or -1 with a message in
 * `run->err`; dump_clear() frees it in any case.
 */
int dump_init(struct dump *dump, struct run *run, size_t place);
void dump_clear(struct dump *dump);

/*
 * Begins a run, from 0: makes `dump->execution`.  Returns 0, or -1 with a
 * message.
 */
int dump_begin(struct dump *dump, uint64_t number, char *err, size_t err_bytes);

/* Ends the run in progress, with its outcome and its times in the scenario. */
void dump_end(struct dump *dump, const struct dump_run_outcome *outcome,
    int64_t begun_ns, int64_t ended_ns);

/* together.c */

/*
 * Writes all dumps of the scenario.  Returns 0, or -1 with a message in
 * `run->err` if one could not be started, or takes too long.
 */
int together_run(struct run *run);

/* conclude.c */

/*
 * Concludes a run whose dumps have ended: adds the volumes to the results,
 * reads the safe bytes back, and judges the expectations.  Returns 0, or -1
 * with a message in r->err.
 */
int run_conclude(struct run *r);

#endif

/*
 * impl.h: one run of a scenario.
 *
 *     dump.c       one dump: begins and ends its runs
 *     together.c   all dumps together, in virtual or in real time
 *     prepare.c    makes the dumps of a run
 *     conclude.c   the results of a run whose dumps have ended
 *     story_*.c    steps, each a run on one library (story.h)
 *     run.c        runs a scenario
 *
 * A file calls only files above it in this list.
 */
#ifndef SIM_RUN_IMPL_H
#define SIM_RUN_IMPL_H

#include "sim/metrics/metrics.h"
#include "sim/run/execute.h"
#include "sim/run/measure/facts.h"
#include "sim/run/measure/recorder.h"
#include "sim/run/steps/stock.h"
#include "sim/run/run.h"
#include "sim/run/library/share.h"
#include "sim/run/library/trace_file.h"
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

/* What a step of a story gives to its run. */
struct run_in_story {
	const struct stock
	    *stock;              /* the library that lives through all steps */
	struct strikes *strikes; /* of the faults of the whole scenario */
	struct content *content; /* of the only dump, which it takes; or NULL */
	struct adopted *adopted; /* the program that writes; or NULL */
	struct tape_library *tapes; /* those of the program; NULL: all */
	int64_t (*read)(void *arg, void *buf, uint64_t bytes);
	void *read_arg;
	/* Attempts of earlier steps that committed safe parts. */
	const struct results_attempt *before;
	size_t before_count;
	struct facts_story whole; /* which expectations may name */
	/* Metrics of the step, which expectations may name. */
	const struct metrics_value *values;
	uint64_t dump_id; /* of the only dump; 0: drawn from the seed */
};

/* A run, with everything that it owns. */
struct run {
	const struct scenario *scenario;
	const struct run_options *options;
	enum volume_payload payload;
	const char *folder;               /* for files; its name is random */
	struct workspace *workspace;      /* NULL: `story` */
	const struct run_in_story *story; /* NULL: a scenario without steps */
	struct library *library;          /* NULL: the tapes of a device */
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

/* prepare.c */

/*
 * Makes the results of a run, with its dumps.  NULL without memory.
 */
struct results_scenario *run_new_results(const struct run *run,
    const char *name, const char *file);

/* Makes the dumps, and what they share.  Returns 0, or -1 with a message. */
int run_make_dumps(struct run *run);

/* Frees the dumps, and what they share; not the library and the results. */
void run_clear_dumps(struct run *run);

/* Closes the traces; the first error becomes the problem of the run. */
void run_close_traces(struct run *run);

/* conclude.c */

/*
 * Concludes a run whose dumps have ended: adds the volumes to the results,
 * reads the safe bytes back, and judges the expectations.  Returns 0, or -1
 * with a message in r->err.
 */
int run_conclude(struct run *r);

#endif

/*
 * run.h: runs a scenario in real or virtual time, and judges it.
 *
 *     scenario -> workspace (volumes with defects) -> library -> executor
 *              -> verify (reads the volumes back) -> measure (metrics)
 *              -> judge (expectations) -> struct results_scenario
 *
 * The content feeds the executor; a recorder listens to it.
 *
 * Invariants:
 *  1. In virtual time the results depend only on the scenario, the seed and the
 *     version of tapelab.
 *  2. Safe bytes that are not on the volumes fail the run, whatever the
 *     scenario expects; the only exception is `restored == different`.
 *  3. No temporary file is left, except with `keep_volumes`.
 */
#ifndef SIM_RUN_H
#define SIM_RUN_H

#include "reports/results.h"
#include "sim/run/steps/device.h"
#include "sim/scenario/scenario.h"

struct run_options {
	bool real; /* real time on threads; false: virtual time */
	/*
	 * Real time: drives and robot have this share of the speed of their
	 * models, in permille; 0: they take no time.
	 */
	uint32_t pace_permille;
	uint64_t seed;
	bool keep_volumes; /* keep the volumes; print their folder on stderr */
	bool show;         /* show progress on stderr */
	/*
	 * Virtual time: run twice, the second time without leaps, and compare.
	 */
	bool check_determinism;
	bool no_leap; /* virtual time: step through equal cycles */
	/* Receives the number of cycles that were leapt over; or NULL. */
	uint64_t *leapt;
	bool no_read_back; /* do not read the volumes back */
	/*
	 * Virtual time: only the outcome and the metrics are needed, at the
	 * least cost.  A generated dump has no payload if no drive needs it, and
	 * is not read back.
	 */
	bool figures_only;
	/*
	 * The folder of the results, for the traces of the first run: a file
	 * trace.tsv in the folder of each dump.  NULL: no trace.
	 */
	const char *trace_below;
	/*
	 * The tapes of a scenario with steps, in place of its library; `real` is
	 * then set.  The volumes of the scenario have the barcodes of the
	 * device.  NULL: a virtual library.
	 */
	const struct story_device *device;
	/*
	 * An empty folder for the volumes, which is not removed.  NULL: a
	 * temporary folder.
	 */
	const char *folder;
	/*
	 * In virtual time the source brings pieces of this size; 0: chosen by
	 * the executor.  For tests: no metric depends on it.
	 */
	uint64_t piece_bytes;
};

enum run_status {
	RUN_JUDGED,     /* the scenario passed or failed: see the results */
	RUN_IMPOSSIBLE, /* the scenario could not be run; `err` says why */
	/*
	 * An error in tapelab: two runs with one seed differ, or the process
	 * died.
	 */
	RUN_BROKEN
};

/*
 * Runs a scenario.  `name` and `file` are its names in reports.  With
 * RUN_JUDGED and RUN_BROKEN the caller frees the results.  With all results
 * except RUN_JUDGED, `err` has a message.
 */
enum run_status run_scenario(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **results, char *err, size_t err_bytes);

#endif

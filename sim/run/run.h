/*
 * run.h: runs one scenario, on either clock, and judges it.
 *
 * Data flow: scenario -> workspace (volumes, defects) -> library -> executor,
 * fed by the content and listened to by a record -> the volumes read back and
 * compared -> metrics -> expectations -> results_scenario.
 */
#ifndef SIM_RUN_H
#define SIM_RUN_H

#include "reports/results.h"
#include "sim/scenario/scenario.h"

struct run_options {
	bool real; /* real time on threads, else virtual time */
	uint64_t seed;
	bool keep_volumes;      /* keep the volumes, and say where */
	bool show;              /* progress on stderr */
	bool check_determinism; /* virtual: run again and compare the traces */
	/*
	 * The file that tells of every operation of the first run; NULL: none.
	 * Its folder is there; messages call it `trace_name`.
	 */
	const char *trace, *trace_name;
	/* An empty folder for the volumes, which stays; NULL: one is made. */
	const char *folder;
};

enum run_status {
	RUN_JUDGED,     /* passed or failed: see the record */
	RUN_IMPOSSIBLE, /* it could not be run; `err` says why */
	RUN_BROKEN      /* a fault of tapelab: two runs from one seed
				   differed, or its process died */
};

/*
 * Runs a scenario.  `name` and `file` are what reports call it.  On
 * RUN_JUDGED and RUN_BROKEN the record is the caller's to free; `err` has a
 * message unless RUN_JUDGED.
 */
enum run_status run_scenario(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **record, char *err, size_t err_bytes);

#endif

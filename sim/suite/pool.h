/*
 * pool.h: runs the entries of a suite, several at the same time, each in a
 * process of its own.
 *
 * Invariants:
 *  1. Results are given out in the order of the entries, whatever the number of
 *     processes: what is printed does not depend on it.  Entries with very many
 *     runs of dumps are started before the others, so that they do not end last.
 *  2. Each entry has a result.  If `done` returns false, those of all later
 *     entries say that they were not run, even if they were.
 *  3. After a signal no process is started; those that run end properly.
 */
#ifndef SIM_POOL_H
#define SIM_POOL_H

#include "reports/results.h"
#include "sim/run/run.h"
#include "sim/suite/suite.h"

struct pool_result {
	/* RUN_JUDGED also after a timeout: then there are no results. */
	enum run_status status;
	bool timed_out;
	bool
	    not_run; /* after a signal, or with fail_fast: nothing else is set */
	struct results_scenario *results; /* `done` may take them; or NULL */
	char message[512];                /* "" with RUN_JUDGED, in time */
	char *printed; /* on its standard error; owned; NULL: nothing */
};

struct pool_options {
	struct run_options run; /* `real` and `seed`: if the case has no own */
	unsigned jobs;          /* from 1 to SIGNALS_CHILDREN_MAX */
	int64_t timeout_ns;     /* of cases without one; 0: no limit */
	/*
	 * Returns false if the entry must not be run: `result` is its result.
	 * May be NULL.
	 */
	bool (*begin)(void *arg, const struct suite_entry *entry,
	    struct pool_result *result);
	/* Receives a result.  Returns false to stop. */
	bool (*done)(void *arg, const struct suite_entry *entry,
	    struct pool_result *result);
	/* Called after each end of a process, and once a second; may be NULL. */
	void (*progress)(void *arg, size_t ended, size_t running);
	void *arg;
};

/*
 * Runs all entries.  Returns 0, or -1 without memory.  The process must have one
 * thread, and must have called signals_begin_parent().
 */
int pool_run(const struct suite *suite, const struct pool_options *options);

/* Returns the clock and the seed with which an entry is run. */
struct run_options pool_run_options(const struct suite_entry *entry,
    const struct run_options *options);

/* Returns the number of processors that this process may use, at least 1. */
unsigned pool_processors(void);

#endif

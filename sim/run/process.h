/*
 * process.h: runs a scenario in a process of its own.
 *
 * Whatever ends the process (a failed assertion, the out-of-memory killer, a
 * signal), the scenario has a result, and its temporary files are removed.  The
 * process ends when its parent ends.
 */
#ifndef SIM_RUN_PROCESS_H
#define SIM_RUN_PROCESS_H

#include "sim/run/run.h"

/*
 * Runs a scenario like run_scenario(), with two differences: there are no
 * results if the process died (RUN_BROKEN), and `options->folder` is not used.
 * The calling process must have one thread, and must have called
 * signals_begin_parent().
 */
enum run_status run_process(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **results, char *err, size_t err_bytes);

#endif

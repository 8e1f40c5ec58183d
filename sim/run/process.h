/*
 * run_process.h: runs one scenario in a process of its own.
 *
 * Whatever ends that process (a broken invariant, the system for want of
 * memory, somebody), the scenario has a result, and its temporary files are
 * removed.  It ends with its parent.
 */
#ifndef SIM_RUN_PROCESS_H
#define SIM_RUN_PROCESS_H

#include "sim/run/run.h"

/*
 * As run_scenario(), but RUN_BROKEN comes without a record where the process
 * did not come to its end, and `options->folder` is not used.  The
 * process has one thread, and signals_begin_parent() was called.
 */
enum run_status run_process(const struct scenario *scenario, const char *name,
    const char *file, const struct run_options *options,
    struct results_scenario **record, char *err, size_t err_bytes);

#endif

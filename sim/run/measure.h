/*
 * measure.h: what a run came to, as metrics, and whether that was expected.
 */
#ifndef SIM_MEASURE_H
#define SIM_MEASURE_H

#include "reports/results.h"
#include "sim/run/recorder.h"
#include "sim/run/verify.h"
#include "sim/scenario/scenario.h"

/*
 * Fills in metrics, expectations and status of a run whose attempts are
 * noted.  Returns 0, or -1 if there is no memory.
 */
int measure_run(const struct scenario *scenario,
    const struct dump_run_outcome *outcome, const struct recorder_totals *sums,
    enum verify_result restored, struct results_scenario *into);

#endif

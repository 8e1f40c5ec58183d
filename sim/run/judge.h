/* judge.h: compares the metrics of a run with the expectations. */
#ifndef SIM_JUDGE_H
#define SIM_JUDGE_H

#include "reports/results.h"
#include "sim/metrics/metrics.h"
#include "sim/scenario/scenario.h"

/*
 * Adds all metrics, expectations and published values to `results`.  Sets the status to
 * RESULTS_FAILED if an expectation, or a published value with a tolerance, is not
 * met.  `values` has METRIC_COUNT
 * elements.  Returns 0, or -1 if memory is short.
 */
int judge_run(const struct scenario *scenario,
    const struct metrics_value *values, struct results_scenario *results);

#endif

/* judge.h: compares the metrics of a run with the expectations. */
#ifndef SIM_JUDGE_H
#define SIM_JUDGE_H

#include "reports/results.h"
#include "sim/metrics/metrics.h"
#include "sim/run/measure/facts.h"
#include "sim/scenario/scenario.h"

/*
 * Makes the list of all metrics of dumps, from METRIC_COUNT values; the owner of
 * the results frees it.  Returns 0, or -1 if memory is short.
 */
int judge_add_metrics(const struct metrics_value *values,
    struct results_metric **metrics, size_t *count);

/* Adds the metrics of a step that are defined to such a list. */
int judge_add_step_metrics(const struct metrics_value *values,
    struct results_metric **metrics, size_t *count);

/*
 * Adds all expectations and published values to `results`, and what failed of
 * that which holds for every scenario (implied.h).  Sets the status to
 * RESULTS_FAILED if an expectation, or a published value with a tolerance, is
 * not met.  `values` has METRIC_COUNT
 * elements for each dump, and then those of all dumps together.  `story`: for a
 * step, else NULL.  With `interrupted` the run was stopped before its end.
 * Returns 0, or -1 if memory is short.
 */
int judge_run(const struct scenario *scenario,
    const struct metrics_value *values, const struct facts_story *story,
    bool interrupted, struct results_scenario *results);

#endif

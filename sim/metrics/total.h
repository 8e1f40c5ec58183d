/* total.h: the metrics of several dumps together. */
#ifndef SIM_METRICS_TOTAL_H
#define SIM_METRICS_TOTAL_H

#include "sim/metrics/metrics.h"

/*
 * Sets the metrics of `count` dumps together, at least one, whose last ends
 * after `duration_s`.  `values` has METRIC_COUNT elements for each dump.  Those
 * of a single dump are its own.  The caller frees the texts of `total` in any
 * case.  Returns 0, or -1 without memory.
 *
 * Counts, sizes and times are sums.  A rate is that of all bytes in the time
 * that they took.  Percentiles are undefined.
 */
int metrics_total(const struct metrics_value *values, size_t count,
    double duration_s, struct metrics_value total[METRIC_COUNT]);

#endif

/* measure.h: the metrics of a run. */
#ifndef SIM_MEASURE_H
#define SIM_MEASURE_H

#include "reports/results.h"
#include "sim/metrics/metrics.h"
#include "sim/run/measure/recorder.h"
#include "sim/run/measure/spread.h"
#include "sim/run/measure/verify.h"

/*
 * Measures all metrics of a run whose attempts are in `results`.  `values` has
 * METRIC_COUNT elements; the caller frees them with measure_clear().  Returns
 * 0, or -1 if memory is short; then the caller has nothing to free.
 */
int measure_metrics(const struct dump_run_outcome *outcome,
    struct recorder *recorder, enum verify_result restored,
    const struct results_dump *results, struct metrics_value *values);

/*
 * Sets the percentiles of several dumps together, of which the means are set.
 * Returns 0, or -1 without memory.
 */
int measure_spreads(const struct spread_dump *dumps, size_t count,
    struct metrics_value *values);

/*
 * Returns the fill of the buffer that is 100 %: the most data that can wait
 * while a run is being written.
 */
uint64_t measure_buffer_bytes(const struct dump_run_outcome *outcome);

/* Fills in what the host spent its time on. */
void measure_host(const struct sums *sums, int64_t ns[RESULTS_HOST_KINDS]);

void measure_clear(struct metrics_value *values);

#endif

/*
 * seeds.h: what the seeds of a point say together.
 *
 * The same seed gives all points the same source, and the same first loads.
 * Such a source is no difference between two points, so they are compared seed
 * by seed.
 */
#ifndef SIM_TUNE_SEEDS_H
#define SIM_TUNE_SEEDS_H

#include "sim/tune/study.h"

/* Gathers the seeds of a point that have records. */
void tune_seeds_gather(const struct tune_study *study,
    const struct tune_settings *settings, struct tune_sample *sample);

/*
 * Returns the standard deviation of the throughput of `a` as a share of that of
 * `b`, over the seeds that both have.
 */
double tune_seeds_pairs(const struct tune_study *study,
    const struct tune_settings *a, const struct tune_settings *b);

#endif

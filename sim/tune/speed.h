/* speed.h: the rates of the source and of the first drive of a study. */
#ifndef SIM_TUNE_SPEED_H
#define SIM_TUNE_SPEED_H

#include "sim/tune/study.h"

/*
 * Returns the mean rate of the source while it did not wait; infinite if its
 * bytes take no time.
 */
double tune_mean_feed(const struct tune_sample *sample);

/* Returns how much data the drive takes for a byte of the medium. */
double tune_ratio(const struct tune_study *study);

/*
 * Returns the lowest or highest speed of the drive, for data, or 0 if it has no
 * speeds.
 */
double tune_lowest_speed(const struct tune_study *study);
double tune_highest_speed(const struct tune_study *study);

#endif

/*
 * sweep.h: the points of a sweep: all combinations of the varied settings.
 *
 * Points count from 0, in a fixed order: the last setting changes fastest.
 */
#ifndef SIM_TUNE_SWEEP_H
#define SIM_TUNE_SWEEP_H

#include "sim/tune/points/axis.h"

struct tune_sweep {
	struct tune_settings base; /* of the settings that are not varied */
	struct tune_values values[TUNE_AXES]; /* owned; empty: not varied */
};

/*
 * Adds an argument of --vary.  Returns 0, or -1 with a message if it is wrong
 * or its setting is already varied.
 */
int tune_sweep_add(struct tune_sweep *sweep, const char *argument, char *err,
    size_t err_bytes);

/* Returns whether nothing is varied: there is at most one point. */
bool tune_sweep_is_empty(const struct tune_sweep *sweep);

/* Returns the number of points; UINT64_MAX if there are more. */
uint64_t tune_sweep_points(const struct tune_sweep *sweep);

/* Sets the settings of a point. */
void tune_sweep_at(const struct tune_sweep *sweep, uint64_t point,
    struct tune_settings *settings);

/* Frees the values, but not `sweep` itself. */
void tune_sweep_clear(struct tune_sweep *sweep);

#endif

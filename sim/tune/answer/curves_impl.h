/* curves_impl.h: the scripts of the plots. */
#ifndef SIM_TUNE_CURVES_IMPL_H
#define SIM_TUNE_CURVES_IMPL_H

#include <stdio.h>

#include "sim/tune/study.h"

enum {
	CURVE_WIDTH_PX = 1120,
	CURVE_HEIGHT_PX = 460,
	CURVE_LINES_MAX = 9 /* lines in a panel */
};

bool tune_curve_throughput(FILE *out, const struct tune_study *study);
bool tune_curve_stops(FILE *out, const struct tune_study *study);
bool tune_curve_map(FILE *out, const struct tune_study *study);
bool tune_curve_feed(FILE *out, const struct tune_study *study);

/* Writes what all scripts begin with; `name` is that of the plot. */
void tune_curve_begin(FILE *out, const char *name, int height_px);

/*
 * Finds up to two varied settings that are numbers, the most telling first.
 * Returns their number.
 */
size_t tune_curve_axes(const struct tune_study *study, enum tune_axis axes[2]);

/*
 * Writes the labels of an axis of the plot ("x" or "y") for the values of a
 * setting, at their places in the list.
 */
void tune_curve_tics(FILE *out, const char *of, const struct tune_study *study,
    enum tune_axis axis);

/*
 * Returns the point with these values of two settings, and all others as
 * recommended, or NULL if it could not be run.
 */
const struct tune_candidate *tune_curve_point(const struct tune_study *study,
    const enum tune_axis axes[2], const uint64_t values[2]);

/* Returns the place of the recommended value in the list of a setting. */
size_t tune_curve_chosen(const struct tune_study *study, enum tune_axis axis);

#endif

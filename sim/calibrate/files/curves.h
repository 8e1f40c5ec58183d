/*
 * curves.h: plots in which the model and the measurement are drawn together.
 *
 * Each is a gnuplot script with its data, NAME.gp, which draws NAME.svg.
 */
#ifndef SIM_CALIBRATE_CURVES_H
#define SIM_CALIBRATE_CURVES_H

#include "sim/calibrate/calibrate.h"

struct calibrate_plots {
	bool drawn[CALIBRATE_CURVES];
	char why[256]; /* why a plot is missing, or "" */
};

/*
 * Writes the scripts into the existing folder, and draws the plots for which
 * there are points.  Returns 0, or -1 with a message if a file cannot be
 * written.  A plot that cannot be drawn is no error.
 */
int calibrate_curves_draw(const struct calibrate_result *result,
    const char *folder, struct calibrate_plots *plots, char *err,
    size_t err_bytes);

/* Returns the name of a plot: "speeds". */
const char *calibrate_curve_name(enum calibrate_curve curve);

/* Returns what a plot shows, in a sentence. */
const char *calibrate_curve_caption(enum calibrate_curve curve);

#endif

/*
 * marks.h: what happened and when, as lines across the panels.
 *
 * A line for each part, volume and fault, and over the upper panel a row of
 * names for each kind.  A name for which there is no room is left out, its
 * line stays; where there are many lines of a kind they become short ticks.
 */
#ifndef REPORTS_PLOT_MARKS_H
#define REPORTS_PLOT_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "reports/results.h"

/* Where the panels begin and end, as shares of the picture's width. */
#define PLOT_MARKS_LEFT  0.08
#define PLOT_MARKS_RIGHT 0.975

/* How many lines there are of each kind. */
struct plot_marks {
	size_t parts, volumes, faults;
};

/*
 * Writes the moments as the datablocks $parts, $volumes and $faults, in
 * seconds.  `end_s`, above 0, is where the time axis ends.
 */
void report_plot_marks_data(FILE *out, const struct results_scenario *scenario,
    double end_s, struct plot_marks *marks);

/* Writes the names; a second is 1/`divisor` on the axis. */
void report_plot_marks_names(FILE *out, const struct results_scenario *scenario,
    double end_s, double divisor);

/*
 * Writes the lines as further parts of a plot command, and its end.  The
 * script has `top` as the panel's upper end and `second` as above.  `keys`:
 * with entries in the legend.
 */
void report_plot_marks_lines(FILE *out, const struct plot_marks *marks,
    bool keys);

#endif

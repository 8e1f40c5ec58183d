/*
 * marks.h: the events of a dump, as lines across the panels of its plot.
 *
 * Each part, volume and fault has a line.  Above the upper panel each kind has
 * a row of names.  A name without room is omitted, but its line is drawn.  Many
 * lines of a kind are drawn as short ticks.
 */
#ifndef REPORTS_PLOT_MARKS_H
#define REPORTS_PLOT_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "reports/results.h"

/* Number of lines of each kind. */
struct plot_marks {
	size_t parts, volumes, faults;
};

/*
 * Writes the times of the events, in seconds, as the datablocks $parts,
 * $volumes and $faults.  `end_s` > 0 is the end of the time axis.
 */
void report_plot_marks_data(FILE *out, const struct results_dump *dump,
    double end_s, struct plot_marks *marks);

/*
 * Writes the names of the events.  The unit of the time axis is `divisor`
 * seconds; the plot is `height_px` high.
 */
void report_plot_marks_names(FILE *out, const struct results_dump *dump,
    double end_s, double divisor, int height_px);

/*
 * Appends the lines to a plot command, and ends it.  The script must set `top`,
 * the upper end of the panel, and `second`, in units of the axis.  `keys`: add
 * the lines to the legend.
 */
void report_plot_marks_lines(FILE *out, const struct plot_marks *marks,
    bool keys);

#endif

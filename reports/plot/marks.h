/*
 * marks.h: the events of a dump: bars and names above its plot, lines across it.
 *
 * Above the upper panel are, from the top: a bar for each volume, from the end
 * of its load to its last attempt, so that the time of loads and unloads shows
 * as a gap; the faults; and a bar for each attempt, or for all neighbours on a
 * volume if there are many.  The name of a bar is within it, and is omitted if it
 * has no room.  Faults are numbered in the order of
 * the marks, from 1; a fault always has its number, and its name if there is
 * room.  Neighbours without room for their numbers share one label: "4-9".
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
 * Writes the bars and the names of the events as objects and labels.  The unit
 * of the time axis is `divisor` seconds; the plot is `height_px` high.
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

/* gnuplot.h: runs gnuplot, which draws a plot. */
#ifndef REPORTS_GNUPLOT_H
#define REPORTS_GNUPLOT_H

#include <stdbool.h>

enum { GNUPLOT_WHY_BYTES = 256 };

/* Whether a plot was drawn. */
struct gnuplot_plot {
	bool drawn;
	/* Reason if not drawn: a sentence without a period. */
	char why[GNUPLOT_WHY_BYTES];
};

/*
 * Runs NAME.gp in the folder `dir`, which draws NAME.svg, and waits for it.
 *
 * The script draws the plot to the file in its variable `file`.  When that is
 * complete it is made smaller (svg.h), and put at its place.  If no plot was
 * drawn, the plot of an earlier run is removed, because it shows other data.
 * Uses the gnuplot on PATH, without the user's settings.
 */
void report_gnuplot_draw(const char *dir, const char *name,
    struct gnuplot_plot *plot);

/* Records that there is no plot, and removes the plot of an earlier run. */
void report_gnuplot_leave(const char *dir, const char *name, const char *why,
    struct gnuplot_plot *plot);

#endif

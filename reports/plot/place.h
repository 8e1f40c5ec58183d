/*
 * place.h: where the panels of a plot are, in pixels from the top.
 */
#ifndef REPORTS_PLOT_PLACE_H
#define REPORTS_PLOT_PLACE_H

#include <stdio.h>

#include "reports/results.h"

enum { PLOT_WIDTH_PX = 1120 };

/* The left and right edges of the panels, as shares of the width. */
#define PLOT_LEFT  0.08
#define PLOT_RIGHT 0.975

/* Returns the height of the plot of a dump: more with the motion of a drive. */
int plot_height_px(const struct results_dump *dump);

/* Returns a place as gnuplot's screen coordinate. */
double plot_screen(int from_top_px, int height_px);

/* Writes the margins of a panel between two places. */
void plot_put_margins(FILE *out, int top_px, int bottom_px, int height_px);

#endif

/* gnuplot.h: the program that draws the pictures. */
#ifndef REPORTS_GNUPLOT_H
#define REPORTS_GNUPLOT_H

#include <stdbool.h>

enum { GNUPLOT_WHY_BYTES = 256 };

/* What came of a scenario's picture. */
struct gnuplot_picture {
	bool drawn;
	char why[GNUPLOT_WHY_BYTES]; /* not drawn: a sentence, no period */
};

/*
 * Runs throughput.gp in the folder `dir` and waits for it.  The picture is
 * drawn beside its place and renamed into it when it is whole; if it is not
 * drawn, the one of an earlier run is removed, for it would show other data.
 * gnuplot is looked for on PATH; the person's own settings are not read.
 */
void report_gnuplot_draw(const char *dir, struct gnuplot_picture *picture);

/* Says that there is no picture, and removes the one of an earlier run. */
void report_gnuplot_leave(const char *dir, const char *why,
    struct gnuplot_picture *picture);

#endif

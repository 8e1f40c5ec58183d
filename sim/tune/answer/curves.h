/*
 * curves.h: the plots of an answer.
 *
 * Each is a gnuplot script with its data, NAME.gp, which draws NAME.svg.
 */
#ifndef SIM_TUNE_CURVES_H
#define SIM_TUNE_CURVES_H

#include "sim/tune/answer/doc.h"
#include "sim/tune/study.h"

enum tune_curve {
	TUNE_CURVE_THROUGHPUT, /* over the varied sizes, a line for each other */
	TUNE_CURVE_STOPS,      /* the same for stops */
	TUNE_CURVE_MAP,  /* throughput as colours; memory and throughput */
	TUNE_CURVE_FEED, /* throughput and stops over the source's rate */
	TUNE_CURVES
};

/* Which plots an answer has. */
struct tune_plots {
	bool drawn[TUNE_CURVES];
	bool hour;     /* the report of one hour; see hour.h */
	char why[256]; /* why a plot is missing, or "" */
};

/*
 * Writes the scripts into the existing folder, and draws the plots that the
 * study has data for.  Returns 0, or -1 with a message if a file cannot be
 * written.  A plot that cannot be drawn is no error.
 */
int tune_curves_draw(const struct tune_study *study, const char *folder,
    struct tune_plots *plots, char *err, size_t err_bytes);

/* Adds a plot to the document, if it was drawn. */
void tune_curves_add(const struct tune_plots *plots, enum tune_curve curve,
    struct tune_doc *doc);

#endif

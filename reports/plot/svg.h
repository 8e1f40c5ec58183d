/*
 * svg.h: makes a plot of gnuplot small enough for a page.
 *
 * gnuplot writes a polygon for each sample and ten bytes for each number: a
 * megabyte for a plot.  The same drawing takes a hundredth of that with
 * relative moves, in half pixels, and without points that cannot be seen.
 *
 * Colours are attributes in the shortest form ("#222"), so that the style sheet
 * of a page can replace those of text and lines in the dark.
 */
#ifndef REPORTS_PLOT_SVG_H
#define REPORTS_PLOT_SVG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* How each of our drawings begins. */
#define SVG_BEGIN "<svg xmlns=\"http://www.w3.org/2000/svg\""

/*
 * Writes the drawing `svg` of gnuplot as a smaller one.  Returns 0; or -1 if it
 * has something that gnuplot 5 does not write for our scripts, or memory is
 * short: then a part was written.
 */
int report_plot_svg(FILE *out, const char *svg);

/*
 * Writes a drawing that report_plot_svg() made as an element of a page.  Its
 * identifiers begin with "g" and `id`, which is different for each drawing of
 * the page.  `label` says in words what is drawn.  Returns false, and writes
 * nothing, if `svg` is another drawing: it could have a script.
 */
bool report_plot_svg_embed(FILE *out, const char *svg, size_t id,
    const char *label);

#endif

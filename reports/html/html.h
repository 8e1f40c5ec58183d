/* html.h: the results as a web page. */
#ifndef REPORTS_HTML_H
#define REPORTS_HTML_H

#include <stddef.h>

#include "reports/compare/compare.h"
#include "reports/plot/gnuplot.h"
#include "reports/results.h"

/*
 * Writes index.html into the folder `dir`: one page without scripts, which
 * needs no other file; it has the drawings that are in `dir` already.  Failed
 * scenarios come first.  `plots` has an element for each dump.  `comparison`,
 * if not NULL, compares a baseline with `results`.  Returns 0, or -1 with a
 * message.
 */
int report_html_write(const struct results *results,
    const struct gnuplot_plot *plots, const struct comparison *comparison,
    const char *dir, char *err, size_t err_bytes);

#endif

/* markdown.h: the results as Markdown. */
#ifndef REPORTS_MARKDOWN_H
#define REPORTS_MARKDOWN_H

#include <stddef.h>

#include "reports/plot/gnuplot.h"
#include "reports/results.h"

/*
 * Writes report.md into the folder `dir`.  `plots` has an element for each
 * scenario.  A long table has only its first and last rows, and the rows of
 * failed attempts.  Returns 0, or -1 with a message.
 */
int report_markdown_write(const struct results *results,
    const struct gnuplot_plot *plots, const char *dir, char *err,
    size_t err_bytes);

#endif

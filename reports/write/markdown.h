/* markdown.h: the results as Markdown. */
#ifndef REPORTS_MARKDOWN_H
#define REPORTS_MARKDOWN_H

#include <stddef.h>
#include <stdio.h>

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

/* Writes the table of the published values of a scenario, if it has some. */
void report_markdown_published(FILE *out,
    const struct results_scenario *scenario);

/* Writes the faults, steps and warnings of a scenario, if it has some. */
void report_markdown_faults(FILE *out, const struct results_scenario *scenario);

/* Writes the table of all published values, if there are some. */
void report_markdown_published_all(FILE *out, const struct results *results);

#endif

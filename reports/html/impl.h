/*
 * impl.h: the pieces of the page.
 *
 * Each function writes one piece.  The owner of the stream checks its errors.
 */
#ifndef REPORTS_HTML_PARTS_H
#define REPORTS_HTML_PARTS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "reports/plot/gnuplot.h"
#include "reports/results.h"

/* The style sheet, without the <style> element. */
extern const char report_html_style[];

/* Writes a cell of a table.  `look` is its CSS class, or "". */
void report_html_cell(FILE *out, const char *look, const char *text);

/* Writes a size as two cells: rounded, and exact. */
void report_html_size_cells(FILE *out, uint64_t bytes);

/*
 * Writes why something is known not to be met, if there is a reason, below the
 * text of a cell.
 */
void report_html_known(FILE *out, const char *known);

/*
 * Begins and ends a table of `rows` rows, which is closed at first if it is
 * long.  `what` is its title, and `heads` the cells of its head.
 */
void report_html_begin_table(FILE *out, const char *what, size_t rows,
    const char *heads);
void report_html_end_table(FILE *out);

/* Writes the status as a badge. */
void report_html_badge(FILE *out, enum results_status status);

/*
 * Draws the volumes as bars with the attempts at their places.
 */
void report_html_map(FILE *out, const struct results_dump *dump);

/* Writes what the drives of a scenario did, if that is known. */
void report_html_drives(FILE *out, const struct results_scenario *scenario);

/* Writes the published values of a scenario, if it has some. */
void report_html_published(FILE *out, const struct results_scenario *scenario);

/* Writes a section with all published values, if there are some. */
void report_html_published_all(FILE *out, const struct results *results);

/*
 * Writes the section of a scenario, which has the index `id` in the results.
 * `plots` has a plot for each of its dumps.
 */
void report_html_scenario(FILE *out, const struct results_scenario *scenario,
    const struct gnuplot_plot *plots, size_t id);

#endif

/*
 * impl.h: what the page is put together from.
 *
 * Each function writes one piece; errors of the stream are left to its owner.
 */
#ifndef REPORTS_HTML_PARTS_H
#define REPORTS_HTML_PARTS_H

#include <stdint.h>
#include <stdio.h>

#include "reports/plot/gnuplot.h"
#include "reports/results.h"

/* The style sheet, without its element. */
extern const char report_html_style[];

/* `text` as a cell of a table; `look` is its class, or "". */
void report_html_cell(FILE *out, const char *look, const char *text);

/* A size as two cells: as it is read, and to the byte. */
void report_html_size_cells(FILE *out, uint64_t bytes);

/* The status as a badge. */
void report_html_badge(FILE *out, enum results_status status);

/*
 * The volumes as bars, and on them the attempts at their places: what lies
 * where, and what was lost, at a glance.
 */
void report_html_map(FILE *out, const struct results_scenario *scenario);

/* The section of the scenario that is number `id` on the page. */
void report_html_scenario(FILE *out, const struct results_scenario *scenario,
    const struct gnuplot_picture *picture, size_t id);

#endif

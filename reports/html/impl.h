/*
 * impl.h: the pieces of the page.
 *
 * Each function writes one piece.  The owner of the stream checks its errors.
 *
 * Invariants:
 *  1. The page needs no other file and no script.
 *  2. Every piece has a limit, so that the page of a year of dumps can be read.
 *     Rows without room are counted, and are in the files of the results.
 *  3. Colours never are the only sign: each comes with a word or a pattern.
 *  4. No word is broken where it can be broken at a sign such as "/" or "_".
 */
#ifndef REPORTS_HTML_PARTS_H
#define REPORTS_HTML_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "reports/plot/gnuplot.h"
#include "reports/results.h"
#include "reports/units.h"

/* The style sheet, without the <style> element. */
extern const char report_html_style[];

/* What the pieces of a scenario share. */
struct html {
	FILE *out;
	const struct results *results;
	const struct results_scenario *scenario;
	size_t id;        /* its place in the results, from 1 */
	bool decimal;     /* sizes are written in kB, MB, ... */
	const char *dir;  /* of the reports, to read plots from */
	size_t *pictures; /* number of pictures so far, for their names */
};

/* Returns whether the sizes of a scenario are written in decimal units. */
bool report_html_is_decimal(const struct results_scenario *scenario);

/* Rounds a size in the units of the scenario. */
char *report_html_size(const struct html *html, char buf[UNITS_BYTES],
    uint64_t bytes);

/* Writes a text that can be broken after "/", "_", "-" and the like. */
void report_html_name(FILE *out, const char *text);

/* The same, but only the beginning of a text that is too long for a page. */
void report_html_shortened(FILE *out, const char *text);

/* Writes a cell of a table.  `look` is its CSS class, or "". */
void report_html_cell(FILE *out, const char *look, const char *text);

/*
 * Writes a line number, as a link to the line of the scenario.  `file` is the
 * included file that has the line; "": the scenario's own.
 */
void report_html_line(const struct html *html, const char *file, int line);

/* Writes a size as a cell: rounded; the exact size is its title. */
void report_html_size_cell(const struct html *html, uint64_t bytes);

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
 * Draws the volumes as bars with the attempts, and with the faults that struck
 * on the medium, at their places.
 */
void report_html_map(const struct html *html, const struct results_dump *dump);

/* Writes the tables of attempts, and of volumes.  Equal rows are one row. */
void report_html_attempts(const struct html *html,
    const struct results_dump *dump);
void report_html_volumes(const struct html *html,
    const struct results_dump *dump);

/* Writes what drives and cartridges reported of the volumes. */
void report_html_readings(const struct html *html,
    const struct results_dump *dump);

/* Writes what went wrong, with the numbers of the plot. */
void report_html_events(const struct html *html,
    const struct results_dump *dump);

/* Writes the plot of a dump. */
void report_html_plot(const struct html *html, const struct results_dump *dump,
    const struct gnuplot_plot *plot);

/* Writes the plot, the map and the tables of a dump. */
void report_html_dump(const struct html *html, const struct results_dump *dump,
    const struct gnuplot_plot *plot);

/* Writes the table of several dumps, and those that are worth it. */
void report_html_dumps(const struct html *html,
    const struct gnuplot_plot *plots);

/* Writes the steps, with their dumps. */
void report_html_steps(const struct html *html,
    const struct gnuplot_plot *plots);

/* Writes metrics that are not 0. */
void report_html_metrics(const struct html *html,
    const struct results_metric *metrics, size_t count);

/* Writes why a scenario failed, as list items of the first reasons. */
void report_html_failure(FILE *out, const struct results_scenario *scenario);

/* Writes a table of expectations, if there are some. */
void report_html_expectations(const struct html *html,
    const struct results_expectation *expectations, size_t count);

/*
 * Writes the actual value of an expectation.  In a list, what differs from the
 * expected one is marked; a long list is shortened to its surroundings.
 */
void report_html_actual(FILE *out, const struct results_expectation *e);

/* Writes the faults of a scenario, and where they struck. */
void report_html_faults(const struct html *html);

/* Writes the scenario as it is written, with the lines that matter marked. */
void report_html_source(const struct html *html);

/* Writes what the drives of a scenario did, if that is known. */
void report_html_drives(FILE *out, const struct results_scenario *scenario);

/* Writes the published values of a scenario, if it has some. */
void report_html_published(FILE *out, const struct results_scenario *scenario);

/* Writes a section with all published values, if there are some. */
void report_html_published_all(FILE *out, const struct results *results);

/*
 * Writes a scenario: a row with its result, and its details below, which are
 * shown at first if `open`.  `plots` has a plot for each of its dumps.
 */
void report_html_scenario(const struct html *html,
    const struct gnuplot_plot *plots, bool open);

#endif

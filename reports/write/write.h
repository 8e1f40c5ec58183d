/*
 * write.h: writes the results of a run as files, for programs and people.
 *
 *     DIR/results.json             all results, for programs
 *     DIR/report.md                the same for people, as Markdown
 *     DIR/index.html               the same as a page
 *     DIR/published.tsv            published values, if a scenario has some
 *     DIR/junit.xml, results.tap, annotations.txt, summary.md
 *                                  for continuous integration: reports/ci
 *     DIR/NAME/attempts.tsv        the attempts of the scenario NAME
 *     DIR/NAME/throughput.tsv      its rates and buffer fill over time
 *     DIR/NAME/throughput.gp, svg  the plot of these, and gnuplot's script
 *     DIR/NAME/trace.tsv           written by others
 *
 * Invariants:
 *  1.  A file is complete or is not changed: it is written next to its place,
 *     and renamed to it.
 *  2. No file outside of DIR is written, and none that tapelab did not write
 *     before.
 */
#ifndef REPORTS_WRITE_H
#define REPORTS_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "reports/compare/compare.h"
#include "reports/results.h"

/*
 * Writes all files into `dir`, which is made if it is missing.  A trace.tsv of
 * an earlier run is removed unless the scenario was traced.  A skipped scenario
 * and a dump that took no time get no plot.  Without gnuplot the plots of an
 * earlier run are removed, and the reports say so; that is no error.
 *
 * Returns 0, or -1 with a message in `err`: a folder or a file cannot be
 * written, memory is short, or a name leads out of `dir` or is used twice; with
 * such a name nothing is written.  Any thread may call this function, but only
 * one at a time for a `dir`.
 */
int report_write(const struct results *results, const char *dir, char *err,
    size_t err_bytes);

/*
 * Writes only index.html of results that were read from the results.json of the
 * folder `dir`, with the plots that are there; sets the folders of dumps that
 * are not known.  `comparison`, if not NULL, compares a baseline with `results`,
 * and is shown on the page.  Returns and is called like report_write().
 */
int report_write_page(struct results *results,
    const struct comparison *comparison, const char *dir, char *err,
    size_t err_bytes);

/*
 * Whether a scenario can have this name: a relative path without "." and "..",
 * no component of which is the name of a file of the reports.
 */
bool report_name_ok(const char *name);

/*
 * Makes `dir` if it is missing, and checks that files can be written there.
 * Call it before a long run.  Changes no file.  Returns 0, or -1 with a message
 * in `err`: among others where there is a results.json, report.md, index.html or published.tsv
 * that tapelab did not write.
 */
int report_prepare(const char *dir, char *err, size_t err_bytes);

/*
 * The same for the folder of a scenario in a prepared `dir`: the components of
 * its path that exist must be folders, not links, and the files in it must be
 * results of tapelab.  report_write() checks the links again.
 */
int report_prepare_scenario(const char *dir, const char *name, char *err,
    size_t err_bytes);

#endif

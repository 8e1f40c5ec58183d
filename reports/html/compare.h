/* compare.h: the differences from a baseline, as a section of the page. */
#ifndef REPORTS_HTML_COMPARE_H
#define REPORTS_HTML_COMPARE_H

#include <stdio.h>

#include "reports/compare/compare.h"
#include "reports/results.h"

/*
 * Writes the section.  `results` are the new results, to whose scenarios the
 * cases are linked.
 */
void report_html_compare(FILE *out, const struct comparison *comparison,
    const struct results *results);

#endif

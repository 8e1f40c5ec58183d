/* html.h: the results for an engineer's eyes, as one page. */
#ifndef REPORTS_HTML_H
#define REPORTS_HTML_H

#include <stddef.h>

#include "reports/plot/gnuplot.h"
#include "reports/results.h"

/*
 * Writes index.html into the folder `dir`: one page without scripts, which
 * needs nothing but the pictures beside it.  What failed comes first.
 * `pictures` says for each scenario whether there is one.  Returns 0, or -1
 * with a message.
 */
int report_html_write(const struct results *results,
    const struct gnuplot_picture *pictures, const char *dir, char *err,
    size_t err_bytes);

#endif

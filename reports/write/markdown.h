/* markdown.h: the results for a pull request, a terminal or a mail. */
#ifndef REPORTS_MARKDOWN_H
#define REPORTS_MARKDOWN_H

#include <stddef.h>

#include "reports/plot/gnuplot.h"
#include "reports/results.h"

/*
 * Writes report.md into the folder `dir`.  `pictures` says for each scenario
 * whether there is one.  Long tables are shortened to what is worth reading:
 * the ends, and what was not committed.  Returns 0, or -1 with a message.
 */
int report_markdown_write(const struct results *results,
    const struct gnuplot_picture *pictures, const char *dir, char *err,
    size_t err_bytes);

#endif

/* plot.h: the gnuplot script of a dump. */
#ifndef REPORTS_PLOT_H
#define REPORTS_PLOT_H

#include <stddef.h>

#include "reports/results.h"

/*
 * Writes throughput.gp into the folder `dir`: a script that draws
 * throughput.svg from the throughput.tsv next to it, and needs no other file.
 * It draws a plot whatever was recorded.  Returns 0, or -1 with a message.
 */
int report_plot_script(const struct results_scenario *scenario,
    const struct results_dump *dump, const char *dir, char *err,
    size_t err_bytes);

#endif

/* tsv.h: a scenario's tables, for spreadsheets, awk and the picture. */
#ifndef REPORTS_TSV_H
#define REPORTS_TSV_H

#include <stddef.h>

#include "reports/results.h"

/*
 * Write attempts.tsv (a header, then a row an attempt) and throughput.tsv (lines
 * with '#' that say what the columns are, then a row a bin; NaN where a value
 * is not known) into the folder `dir`.  Return 0, or -1 with a message.
 */
int report_tsv_attempts(const struct results_scenario *scenario,
    const char *dir, char *err, size_t err_bytes);
int report_tsv_throughput(const struct results_scenario *scenario,
    const char *dir, char *err, size_t err_bytes);

#endif

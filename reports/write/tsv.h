/* tsv.h: the tables of a dump. */
#ifndef REPORTS_TSV_H
#define REPORTS_TSV_H

#include <stddef.h>

#include "reports/results.h"

/*
 * Write attempts.tsv (the names of the columns, then a row for each attempt)
 * and throughput.tsv (two lines with '#', then a row for each bin; NaN:
 * unknown) into the folder `dir`.  Return 0, or -1 with a message.
 */
int report_tsv_attempts(const struct results_dump *dump, const char *dir,
    char *err, size_t err_bytes);
int report_tsv_throughput(const struct results_dump *dump, const char *dir,
    char *err, size_t err_bytes);

/* Writes published.tsv: the published values of all scenarios. */
int report_tsv_published(const struct results *results, const char *dir,
    char *err, size_t err_bytes);

#endif

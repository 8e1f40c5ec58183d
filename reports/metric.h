/* metric.h: the value of a metric as text. */
#ifndef REPORTS_METRIC_H
#define REPORTS_METRIC_H

#include "reports/results.h"
#include "reports/units.h"

/*
 * Writes the value of a metric that is not a text, by its kind and unit, or
 * "undefined" if it has no value.  Returns `buf`.
 */
char *report_metric_text(char buf[UNITS_BYTES],
    const struct results_metric *metric);

#endif

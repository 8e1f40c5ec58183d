/* metric.h: the value of a metric, as a number and as text. */
#ifndef REPORTS_METRIC_H
#define REPORTS_METRIC_H

#include "reports/results.h"
#include "reports/units.h"

/* Returns the value; NAN if it is a text, or undefined. */
double report_metric_value(const struct results_metric *metric);

/*
 * Writes the value of a metric that is not a text, by its kind and unit, or
 * "undefined" if it has no value.  Returns `buf`.
 */
char *report_metric_text(char buf[UNITS_BYTES],
    const struct results_metric *metric);

#endif

/*
 * rates.h: the rates of a dump over time, for throughput.tsv and the plot.
 */
#ifndef REPORTS_RATES_H
#define REPORTS_RATES_H

#include <stddef.h>
#include <stdio.h>

#include "reports/results.h"

/* Means over an interval.  NaN: no time passed, or there is no buffer. */
struct rates {
	double begin_s;
	double end_s;
	double feed_bytes_per_s;
	double tape_bytes_per_s;
	double fill_percent;
};

/*
 * Returns the rates of interval `i` < series_intervals().  If the last interval
 * is shorter than half of the others, it has the mean rates of the last two.
 */
struct rates report_rates(const struct results_dump *dump, size_t i);

/* The names of the columns of report_rates_row(), with tabs between them. */
extern const char report_rates_columns[];

/*
 * Writes the row of throughput.tsv for interval `i`, with `at_s` as its time,
 * and a newline.
 */
void report_rates_row(FILE *out, const struct results_dump *dump, size_t i,
    double at_s);

#endif

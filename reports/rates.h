/*
 * rates.h: the rates of a scenario over time, for throughput.tsv and the plot.
 */
#ifndef REPORTS_RATES_H
#define REPORTS_RATES_H

#include <stddef.h>

#include "reports/results.h"

struct rates {
	double begin_s;
	double end_s;
	double feed_bytes_per_s; /* NaN if no time passed */
	double tape_bytes_per_s; /* NaN if no time passed */
	double fill_percent;     /* NaN if unknown */
};

/*
 * Returns the rates of bin `i` < series.used, up to the end of the scenario.
 * If the scenario ends before the middle of the last bin, that bin has the mean
 * rates of the last two bins.
 */
struct rates report_rates(const struct results_scenario *scenario, size_t i);

#endif

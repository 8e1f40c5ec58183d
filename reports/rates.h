/*
 * rates.h: a scenario's series as rates over time.
 *
 * Both the data file and the picture are made from this.
 */
#ifndef REPORTS_RATES_H
#define REPORTS_RATES_H

#include <stddef.h>

#include "reports/results.h"

struct rates {
	double begin_s;
	double end_s;
	double feed_bytes_per_s; /* NaN where no time passed */
	double tape_bytes_per_s; /* the same */
	double fill_percent;     /* NaN where it is not known */
};

/*
 * The bin `i` (below series.used) as rates.  Only the time up to the end of
 * the scenario counts.  Less than half a bin at the end says too little: its
 * rates are those of the last two bins together.
 */
struct rates report_rates(const struct results_scenario *scenario, size_t i);

#endif

/*
 * summary.h: what an operator wants to know of a scenario, in a few lines.
 */
#ifndef REPORTS_SUMMARY_H
#define REPORTS_SUMMARY_H

#include "reports/results.h"

enum { SUMMARY_LINES = 3, SUMMARY_BYTES = 240 };

struct summary {
	size_t count; /* 0: nothing is known of the drives */
	char line[SUMMARY_LINES][SUMMARY_BYTES];
};

/*
 * Returns the throughput and what limits it, how often the drives stop, and how
 * they spend their time.
 */
struct summary report_summary(const struct results_scenario *scenario);

#endif

/* measured.h: runs a scenario and checks its metrics, for tests. */
#ifndef SIM_TESTS_MEASURED_H
#define SIM_TESTS_MEASURED_H

#include "reports/results.h"

/* The results of a test; measured_teardown() frees them. */
extern struct results_scenario *measured;

void measured_teardown(void);

/*
 * Runs a scenario, given as text, with pieces of this size; 0: chosen.  The
 * caller frees the results.
 */
struct results_scenario *measured_run(const char *text, uint64_t piece_bytes);

const struct results_metric *
measured_metric(const struct results_scenario *results, const char *name);

/* Returns the value of a metric, which must be a number. */
double measured_value(const struct results_metric *metric);

/* The value that a metric must have, within `within`.  A name of NULL: end. */
struct measured_must {
	const char *name;
	double value, within;
};

/* Runs a scenario, sets `measured`, and checks its metrics. */
void measured_check(const char *text, const struct measured_must *must);

#endif

/* print.h: prints the result of a scenario. */
#ifndef SIM_COMMAND_RUN_PRINT_H
#define SIM_COMMAND_RUN_PRINT_H

#include <stdbool.h>

#include "reports/results.h"
#include "sim/suite/suite.h"

/* Prints a published value that is not met, or is known not to be. */
void run_print_published(const struct suite_entry *entry,
    const struct results_published *value);

/*
 * Prints the result of a scenario, without the values of series, which are
 * judged later.  `is_reported`: the reason why the scenario was not run is
 * already on standard error.  `summary`: add a few lines about throughput and
 * drives, if the dumps are complete.
 */
void run_print_result(const struct suite_entry *entry,
    const struct results_scenario *results, bool is_reported, bool summary);

#endif

/* implied.h: what holds for every scenario, whatever it expects. */
#ifndef SIM_IMPLIED_H
#define SIM_IMPLIED_H

#include "reports/results.h"
#include "sim/scenario/scenario.h"

/*
 * Adds an expectation that failed for each of these:
 *
 *   - a fault struck, or is `unreached` and did not strike.  If the run was
 *     interrupted, it may not have come to the fault;
 *   - a dump is DONE, or an expectation is about its outcome.
 *
 * `results` has room for one expectation more for each fault and each dump.
 * Returns 0, or -1 if memory is short.
 */
int implied_judge(const struct scenario *scenario, bool interrupted,
    struct results_scenario *results);

/*
 * The same for a step without dumps: its result is `done`, or an expectation is
 * about it.  `scenario` has the expectations of the step, and `results` has room
 * for one more.
 */
int implied_judge_step(const struct scenario *scenario, const char *result,
    const char *reason, struct results_scenario *results);

#endif

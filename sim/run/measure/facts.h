/* facts.h: the facts of a run of a scenario. */
#ifndef SIM_FACTS_H
#define SIM_FACTS_H

#include "reports/results.h"
#include "sim/metrics/fact.h"

/*
 * The faults of the whole scenario, for a step of a story: in the order of the
 * file, with their strikes until now.
 */
struct facts_story {
	const struct results_fault *faults;
	size_t faults_count;
};

/*
 * Gets the fact that an expectation compares: `expect->fact` is set.  It is of
 * the dump at `expect->place`, or of all dumps, one after the other, if there is
 * no such dump.  Undefined if the attempt, drive or volume does not exist.  The
 * faults of `story` count before those of `scenario`; NULL: no step.  The
 * caller frees value->text.  Returns 0, or -1 without memory.
 */
int facts_get(const struct results_scenario *scenario,
    const struct facts_story *story, const struct metrics_expect *expect,
    struct metrics_value *value);

/*
 * Returns the attempts line of the dumps that an expectation is about, with
 * barcodes and causes.  The caller frees it.  NULL without memory.
 */
char *facts_attempts_line(const struct results_scenario *scenario,
    const struct metrics_expect *expect);

#endif

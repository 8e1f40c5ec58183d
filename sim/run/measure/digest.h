/*
 * digest.h: a checksum of the results of a scenario.
 *
 * Two runs with the same seed must have the same, with and without leaps.
 */
#ifndef SIM_DIGEST_H
#define SIM_DIGEST_H

#include "reports/results.h"

/*
 * Replaces `digest` by a checksum (XXH128) of the old value and of the results:
 * attempts, volumes, marks, metrics and series of all dumps.  Returns 0, or -1
 * without memory.
 */
int digest_results(const struct results_scenario *results, uint64_t digest[2]);

#endif

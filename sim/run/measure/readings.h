/* readings.h: what drive and cartridge reported of a volume, for reports. */
#ifndef SIM_RUN_READINGS_H
#define SIM_RUN_READINGS_H

#include "reports/results.h"
#include "splitter/tape/condition.h"

/*
 * Stores the condition of a volume after the load and before the unload, and
 * the errors between them.  `before` and `after` may be NULL: nothing was
 * reported.  Returns 0, or -1 without memory; results_clear_readings() frees it
 * in both cases.
 */
int readings_take(struct results_volume *volume,
    const struct tape_condition *before, const struct tape_condition *after,
    const char *errors);

#endif

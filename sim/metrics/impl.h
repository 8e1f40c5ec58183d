/*
 * impl.h: the table of metrics, in parts.  Each part has the rows of one range
 * of enum metrics_id.
 */
#ifndef SIM_METRICS_IMPL_H
#define SIM_METRICS_IMPL_H

#include "sim/metrics/metrics.h"

enum {
	METRICS_OF_DUMP = METRIC_HOST_FIRST,
	METRICS_OF_HOST = METRIC_DRIVE_FIRST - METRIC_HOST_FIRST,
	METRICS_OF_DRIVE = METRIC_STEP_FIRST - METRIC_DRIVE_FIRST,
	METRICS_OF_STEP = METRIC_COUNT - METRIC_STEP_FIRST
};

extern const struct metrics_def metrics_of_dump[METRICS_OF_DUMP];
extern const struct metrics_def metrics_of_host[METRICS_OF_HOST];
extern const struct metrics_def metrics_of_drive[METRICS_OF_DRIVE];
extern const struct metrics_def metrics_of_step[METRICS_OF_STEP];

#endif

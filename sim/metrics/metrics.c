/* metrics.c: rows of the table of metrics, and how values are shown. */
#include <assert.h>

#include "sim/metrics/impl.h"
#include "sim/metrics/compare.h"

const struct metrics_def *metrics_def(enum metrics_id id)
{
	assert((unsigned)id < METRIC_COUNT);
	if (id < METRIC_HOST_FIRST)
		return &metrics_of_dump[id];
	if (id < METRIC_DRIVE_FIRST)
		return &metrics_of_host[id - METRIC_HOST_FIRST];
	if (id < METRIC_STEP_FIRST)
		return &metrics_of_drive[id - METRIC_DRIVE_FIRST];
	return &metrics_of_step[id - METRIC_STEP_FIRST];
}

void metrics_format(enum metrics_id id, const struct metrics_value *value,
    char *buf, size_t buf_bytes)
{
	compare_format(metrics_def(id), value, buf, buf_bytes);
}

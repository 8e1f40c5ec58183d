/* metrics.c: rows of the table of metrics, and how values are shown. */
#include <assert.h>
#include <stdio.h>

#include "sim/metrics/impl.h"
#include "reports/units.h"

const struct metrics_def *metrics_def(enum metrics_id id)
{
	assert((unsigned)id < METRIC_COUNT);
	if (id < METRIC_HOST_FIRST)
		return &metrics_of_dump[id];
	if (id < METRIC_DRIVE_FIRST)
		return &metrics_of_host[id - METRIC_HOST_FIRST];
	return &metrics_of_drive[id - METRIC_DRIVE_FIRST];
}

void metrics_format(enum metrics_id id, const struct metrics_value *value,
    char *buf, size_t buf_bytes)
{
	char number[UNITS_BYTES];
	const char *text;

	if (!value->defined) {
		snprintf(buf, buf_bytes, "%s",
		    metrics_def(id)->type == METRIC_WORD ? "not known"
							 : "undefined");
		return;
	}
	switch (metrics_def(id)->type) {
	case METRIC_WORD:
	case METRIC_ATTEMPTS_LINE:
		text = value->text;
		if (text == NULL || *text == '\0')
			text = "none";
		snprintf(buf, buf_bytes, "%s", text);
		break;
	case METRIC_NUMBER:
		snprintf(buf, buf_bytes, "%llu",
		    (unsigned long long)value->number);
		break;
	case METRIC_DECIMAL:
		snprintf(buf, buf_bytes, "%.4g", value->real);
		break;
	case METRIC_SIZE:
		snprintf(buf, buf_bytes, "%s",
		    units_size_exact(number, value->number));
		break;
	case METRIC_RATE:
		snprintf(buf, buf_bytes, "%s", units_rate(number, value->real));
		break;
	case METRIC_TIME:
		snprintf(buf, buf_bytes, "%s", units_time(number, value->real));
		break;
	case METRIC_SHARE:
		snprintf(buf, buf_bytes, "%s",
		    units_percent(number, value->real));
		break;
	}
}

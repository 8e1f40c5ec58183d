/* metric.c: see metric.h. */
#include "reports/metric.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

double report_metric_value(const struct results_metric *metric)
{
	return metric->kind == RESULTS_NUMBER ? (double)metric->number
	    : metric->kind == RESULTS_REAL    ? metric->real
					      : NAN;
}

char *report_metric_text(char buf[UNITS_BYTES],
    const struct results_metric *metric)
{
	switch (metric->kind) {
	case RESULTS_NUMBER:
		if (strcmp(metric->unit, "B") == 0)
			return units_size(buf, metric->number);
		snprintf(buf, UNITS_BYTES, "%" PRIu64 "%s%.20s", metric->number,
		    *metric->unit != '\0' ? " " : "", metric->unit);
		break;
	case RESULTS_REAL:
		if (!isfinite(metric->real))
			snprintf(buf, UNITS_BYTES, "undefined");
		else if (strcmp(metric->unit, "B/s") == 0)
			return units_rate(buf, metric->real);
		else if (strcmp(metric->unit, "s") == 0)
			return units_time(buf, metric->real);
		else
			snprintf(buf, UNITS_BYTES, "%.4g%s%.20s", metric->real,
			    *metric->unit != '\0' ? " " : "", metric->unit);
		break;
	default:
		snprintf(buf, UNITS_BYTES, "undefined");
	}
	return buf;
}

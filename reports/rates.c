/* rates.c: the rates of a dump over time. */
#include "reports/rates.h"

#include <math.h>

static double per_second(uint64_t bytes, int64_t ns)
{
	return ns > 0 ? (double)bytes * 1e9 / (double)ns : NAN;
}

struct rates report_rates(const struct results_dump *dump, size_t i)
{
	const struct series *series = &dump->series;
	struct series_span span = series_span(series, i);
	struct rates rates = {
		.begin_s = (double)span.begin_ns / 1e9,
		.end_s = (double)span.end_ns / 1e9,
		.fill_percent = NAN,
	};
	int64_t ns = span.end_ns - span.begin_ns;

	if (i > 0 && ns < series->step_ns / 2) {
		span.begin = series_span(series, i - 1).begin;
		ns += series->step_ns;
	}
	rates.feed_bytes_per_s =
	    per_second(span.end->feed_bytes - span.begin->feed_bytes, ns);
	rates.tape_bytes_per_s =
	    per_second(span.end->tape_bytes - span.begin->tape_bytes, ns);
	if (ns > 0 && dump->buffer_bytes > 0)
		rates.fill_percent = fmin(100,
		    100 *
			(double)(span.end->fill_byte_ns -
			    span.begin->fill_byte_ns) /
			((double)ns * (double)dump->buffer_bytes));
	return rates;
}

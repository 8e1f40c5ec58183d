/* rates.c: the rates of a scenario over time. */
#include "reports/rates.h"

#include <assert.h>
#include <math.h>

struct rates report_rates(const struct results_scenario *scenario, size_t i)
{
	const struct series *series = &scenario->series;
	const struct series_bin *bin;
	double width_ns = (double)series->width_ns;
	double begin_ns = (double)i * width_ns;
	double passed_ns = width_ns, feed_bytes, tape_bytes;
	struct rates rates;

	assert(i < series->used);
	bin = &series->bin[i];
	if ((double)scenario->duration_ns < begin_ns + width_ns)
		passed_ns = (double)scenario->duration_ns - begin_ns;
	if (passed_ns < 0)
		passed_ns = 0;
	rates.begin_s = begin_ns / 1e9;
	rates.end_s = (begin_ns + passed_ns) / 1e9;

	feed_bytes = bin->feed_bytes;
	tape_bytes = bin->tape_bytes;
	if (i > 0 && passed_ns < width_ns / 2) {
		feed_bytes += bin[-1].feed_bytes;
		tape_bytes += bin[-1].tape_bytes;
		passed_ns += width_ns;
	}
	rates.feed_bytes_per_s =
	    passed_ns > 0 ? feed_bytes / passed_ns * 1e9 : NAN;
	rates.tape_bytes_per_s =
	    passed_ns > 0 ? tape_bytes / passed_ns * 1e9 : NAN;
	rates.fill_percent = NAN;
	if (bin->covered_ns > 0 && scenario->buffer_bytes > 0)
		rates.fill_percent = 100 *
		    (bin->fill_bytes_ns / bin->covered_ns) /
		    (double)scenario->buffer_bytes;
	return rates;
}

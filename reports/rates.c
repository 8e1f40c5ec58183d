/* rates.c: the rates of a dump over time. */
#include "reports/rates.h"

#include <inttypes.h>
#include <math.h>

#include "reports/motion.h"

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

const char report_rates_columns[] =
    "time_s\tfeed_bytes_per_s\ttape_bytes_per_s\tbuffer_fill_percent\t"
    "speed_bytes_per_s\tdrive_fill_percent\tstreaming_percent\t"
    "turning_percent\tbackhitch_percent\tstanding_percent\t"
    "locating_percent\treading_percent\tloading_percent\t"
    "rewinding_percent\tunloading_percent\tstops_for_data\t"
    "stops_for_filemarks\tspeed_changes_forced";

static void put_value(FILE *out, double value)
{
	if (isnan(value))
		fputs("\tNaN", out); /* printf may give it a sign */
	else
		fprintf(out, "\t%.12g", value);
}

/* Writes the columns of the drive. */
static void put_motion(FILE *out, const struct series *series, size_t i)
{
	struct motion_shares shares;

	if (!series->has_drive) {
		for (int m = 0; m < SERIES_MOTIONS + 5; m++)
			put_value(out, NAN);
		return;
	}
	shares = report_motion(series, i);
	put_value(out, shares.speed_bytes_per_s);
	put_value(out, shares.fill_percent);
	for (int m = 0; m < SERIES_MOTIONS; m++)
		put_value(out, shares.percent[m]);
	fprintf(out, "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64,
	    shares.stops_for_data, shares.stops_for_filemarks,
	    shares.stops_forced);
}

void report_rates_row(FILE *out, const struct results_dump *dump, size_t i,
    double at_s)
{
	struct rates rates = report_rates(dump, i);

	fprintf(out, "%.12g", at_s);
	put_value(out, rates.feed_bytes_per_s);
	put_value(out, rates.tape_bytes_per_s);
	put_value(out, rates.fill_percent);
	put_motion(out, &dump->series, i);
	fputc('\n', out);
}

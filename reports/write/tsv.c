/* tsv.c: the tables of a scenario. */
#include "reports/write/tsv.h"

#include <inttypes.h>
#include <math.h>

#include "reports/output.h"
#include "reports/rates.h"
#include "reports/text.h"

int report_tsv_attempts(const struct results_scenario *scenario,
    const char *dir, char *err, size_t err_bytes)
{
	struct output output;
	FILE *out;

	if (report_output_open(&output, err, err_bytes) < 0)
		return -1;
	out = output.text;
	fputs("part\tattempt\tvolume\tfile\toffset\tbytes\tend\tcause\t"
	      "committed\tseconds\n",
	    out);
	for (size_t i = 0; i < scenario->attempts_count; i++) {
		const struct results_attempt *a = &scenario->attempts[i];

		fprintf(out, "%" PRIu64 "\t%" PRIu64 "\t", a->part, a->attempt);
		report_text_tsv(out, a->volume);
		fprintf(out, "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t",
		    a->file, a->offset_bytes, a->bytes);
		report_text_tsv(out, a->end);
		fputc('\t', out);
		report_text_tsv(out, a->cause);
		fprintf(out, "\t%s\t%.12g\n", a->committed ? "yes" : "no",
		    a->seconds);
	}
	return report_output_commit(&output, dir, "attempts.tsv", err,
	    err_bytes);
}

static void put_value(FILE *out, double value)
{
	if (isnan(value))
		fputs("\tNaN", out); /* printf may give it a sign */
	else
		fprintf(out, "\t%.12g", value);
}

int report_tsv_throughput(const struct results_scenario *scenario,
    const char *dir, char *err, size_t err_bytes)
{
	struct output output;
	FILE *out;

	if (report_output_open(&output, err, err_bytes) < 0)
		return -1;
	out = output.text;
	fprintf(out, "# Each row is %.12g s, from time_s on; NaN: unknown.\n",
	    (double)scenario->series.width_ns / 1e9);
	fputs("# time_s\tfeed_bytes_per_s\ttape_bytes_per_s\t"
	      "buffer_fill_percent\n",
	    out);
	for (size_t i = 0; i < scenario->series.used; i++) {
		struct rates rates = report_rates(scenario, i);

		fprintf(out, "%.12g", rates.begin_s);
		put_value(out, rates.feed_bytes_per_s);
		put_value(out, rates.tape_bytes_per_s);
		put_value(out, rates.fill_percent);
		fputc('\n', out);
	}
	return report_output_commit(&output, dir, "throughput.tsv", err,
	    err_bytes);
}

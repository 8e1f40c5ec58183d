/* tsv.c: the tables of a dump. */
#include "reports/write/tsv.h"

#include <inttypes.h>
#include <math.h>

#include "reports/output.h"
#include "reports/published.h"
#include "reports/rates.h"
#include "reports/text.h"

int report_tsv_attempts(const struct results_dump *dump, const char *dir,
    char *err, size_t err_bytes)
{
	struct output output;
	FILE *out;

	if (report_output_open(&output, err, err_bytes) < 0)
		return -1;
	out = output.text;
	fputs("part\tattempt\tvolume\tfile\toffset\tbytes\tend\tcause\t"
	      "committed\tseconds\n",
	    out);
	for (size_t i = 0; i < dump->attempts_count; i++) {
		const struct results_attempt *a = &dump->attempts[i];

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

int report_tsv_throughput(const struct results_dump *dump, const char *dir,
    char *err, size_t err_bytes)
{
	struct output output;
	FILE *out;

	if (report_output_open(&output, err, err_bytes) < 0)
		return -1;
	out = output.text;
	fprintf(out, "# Each row is %.12g s, from time_s on; NaN: unknown.\n",
	    (double)dump->series.step_ns / 1e9);
	fprintf(out, "# %s\n", report_rates_columns);
	for (size_t i = 0; i < series_intervals(&dump->series); i++)
		report_rates_row(out, dump, i, report_rates(dump, i).begin_s);
	return report_output_commit(&output, dir, "throughput.tsv", err,
	    err_bytes);
}

static void put_published(FILE *out, const char *name,
    const struct results_published *v)
{
	report_text_tsv(out, name);
	fputc('\t', out);
	report_text_tsv(out, v->series);
	fputc('\t', out);
	report_text_tsv(out, v->point);
	fprintf(out, "\t%s\t%s", v->metric, v->unit);
	put_value(out, v->same ? NAN : v->value);
	put_value(out, v->defined ? v->simulated : NAN);
	put_value(out, report_published_error(v));
	put_value(out, v->order ? NAN : v->tolerance);
	fprintf(out, "\t%s\t%s\t", v->kind, report_published_words(v));
	report_text_tsv(out, v->source);
	fputc('\t', out);
	report_text_tsv(out, v->known);
	fputc('\n', out);
}

int report_tsv_published(const struct results *results, const char *dir,
    char *err, size_t err_bytes)
{
	struct output output;

	if (report_output_open(&output, err, err_bytes) < 0)
		return -1;
	fputs("scenario\tseries\tpoint\tmetric\tunit\tvalue\tsimulated\t"
	      "error\ttolerance\tkind\tresult\tsource\tknown\n",
	    output.text);
	for (size_t i = 0; i < results->count; i++) {
		const struct results_scenario *s = results->scenarios[i];

		for (size_t j = 0; j < s->published_count; j++)
			put_published(output.text, s->name, &s->published[j]);
	}
	return report_output_commit(&output, dir, "published.tsv", err,
	    err_bytes);
}

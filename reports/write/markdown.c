/* markdown.c: the results as Markdown. */
#include "reports/write/markdown.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/output.h"
#include "reports/summary.h"
#include "reports/text.h"
#include "reports/metric.h"
#include "reports/units.h"
#include "reports/words.h"

enum {
	ROWS_ALL = 40,  /* a longer table is shortened */
	ROWS_ENDS = 10, /* rows at each end of a shortened table */
	ROWS_ODD = 40   /* other rows that differ, such as failures */
};

static void put_link(FILE *out, const char *folder, const char *file)
{
	fprintf(out, "[%s](<", file);
	report_text_url(out, folder);
	fprintf(out, "/%s>)", file);
}

static const char *loud_status(enum results_status status)
{
	return status == RESULTS_FAILED ? "**FAILED**"
					: report_words_status(status);
}

static void put_summary(FILE *out, const struct results *results)
{
	char size[UNITS_BYTES];

	fprintf(out,
	    "# tapelab: results\n\n%zu passed, %zu failed, "
	    "%zu skipped.\n\n",
	    report_words_count(results, RESULTS_PASSED),
	    report_words_count(results, RESULTS_FAILED),
	    report_words_count(results, RESULTS_SKIPPED));
	if (results->count == 0)
		return;
	fputs("| scenario | title | clock | result | outcome | safe bytes |"
	      "  |\n| --- | --- | --- | --- | --- | ---: | ---: |\n",
	    out);
	for (size_t i = 0; i < results->count; i++) {
		const struct results_scenario *s = results->scenarios[i];

		fputs("| ", out);
		report_text_markdown(out, s->name);
		fputs(" | ", out);
		report_text_markdown(out, s->title);
		fputs(" | ", out);
		report_text_markdown(out, s->clock);
		fprintf(out, " | %s | ", loud_status(s->status));
		report_text_markdown(out, s->outcome);
		fprintf(out, " | %" PRIu64 " | %s |\n", s->safe_bytes,
		    units_size(size, s->safe_bytes));
	}
	fputc('\n', out);
}

/* Writes why something is known not to be met; `known` may be "". */
static void put_known(FILE *out, const char *known)
{
	if (*report_words_or_empty(known) == '\0')
		return;
	fputs(" (", out);
	report_text_markdown(out, known);
	fputs(")", out);
}

static void put_expectations(FILE *out, const struct results_scenario *s)
{
	if (s->expectations_count == 0)
		return;
	fputs("| line | expected |  | actual |\n"
	      "| ---: | --- | --- | --- |\n",
	    out);
	for (size_t i = 0; i < s->expectations_count; i++) {
		const struct results_expectation *e = &s->expectations[i];
		const char *loud = results_expectation_is_met(e) ? "" : "**";

		fprintf(out, "| %d | ", e->line);
		report_text_markdown_code(out, e->text);
		fprintf(out, " | %s%s%s", loud, report_words_expectation(e),
		    loud);
		put_known(out, e->known);
		fputs(" | ", out);
		report_text_markdown_code(out, e->actual);
		fputs(" |\n", out);
	}
	fputc('\n', out);
}

static void put_attempt(FILE *out, const struct results_attempt *a)
{
	char size[UNITS_BYTES], time[UNITS_BYTES];

	fprintf(out, "| %" PRIu64 " | %" PRIu64 " | ", a->part, a->attempt);
	report_text_markdown(out, a->volume);
	fprintf(out, " | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %s | ",
	    a->file, a->offset_bytes, a->bytes, units_size(size, a->bytes));
	report_text_markdown(out, a->end);
	fputs(" | ", out);
	report_text_markdown(out, report_words_end(a));
	fprintf(out, " | %s | %s |\n", a->committed ? "yes" : "**no**",
	    units_time(time, a->seconds));
}

static void put_attempts(FILE *out, const struct results_dump *s,
    const char *level)
{
	size_t count = s->attempts_count, odd = 0, left_out = 0;

	if (count == 0)
		return;
	fprintf(out,
	    "%s Attempts\n\n%zu parts committed in %zu attempt%s.\n\n"
	    "| part | attempt | volume | file | offset | bytes |  | end | "
	    "reason | committed | duration |\n"
	    "| ---: | ---: | --- | ---: | ---: | ---: | ---: | --- | "
	    "--- | --- | ---: |\n",
	    level, report_words_committed(s), count, count == 1 ? "" : "s");
	for (size_t i = 0; i < count; i++) {
		const struct results_attempt *a = &s->attempts[i];
		bool end = i < ROWS_ENDS || i >= count - ROWS_ENDS;

		if (count > ROWS_ALL && !end &&
		    (a->committed || ++odd > ROWS_ODD)) {
			left_out++;
			continue;
		}
		put_attempt(out, a);
	}
	fputc('\n', out);
	if (left_out == 0)
		return;
	fprintf(out, "%zu more attempts; all are in ", left_out);
	put_link(out, s->folder, "attempts.tsv");
	fputs(".\n\n", out);
}

static void put_volume(FILE *out, const struct results_volume *v)
{
	char size[UNITS_BYTES];

	fputs("| ", out);
	report_text_markdown(out, v->barcode);
	fprintf(out, " | %s | %" PRIu64 " | ",
	    v->capacity_bytes == 0 ? "" : units_size(size, v->capacity_bytes),
	    v->written_bytes);
	fprintf(out, "%s | ", units_size(size, v->written_bytes));
	report_text_markdown(out, v->closed);
	fputs(" | ", out);
	report_text_markdown(out, v->reason);
	fputs(" |\n", out);
}

/* Errors that drives have counted. */
static void put_errors(FILE *out, const struct results_dump *s)
{
	for (size_t i = 0; i < s->volumes_count; i++)
		if (*report_words_or_empty(s->volumes[i].errors) != '\0') {
			fputs("Warning: ", out);
			report_text_markdown(out, s->volumes[i].errors);
			fputs(".\n\n", out);
		}
}

static void put_volumes(FILE *out, const struct results_dump *s,
    const char *level)
{
	size_t count = s->volumes_count, odd = 0, left_out = 0;

	if (count == 0)
		return;
	fprintf(out,
	    "%s Volumes\n\n"
	    "| volume | capacity | written, bytes |  | state | reason |\n"
	    "| --- | ---: | ---: | ---: | --- | --- |\n",
	    level);
	for (size_t i = 0; i < count; i++) {
		const struct results_volume *v = &s->volumes[i];
		bool end = i < ROWS_ENDS || i >= count - ROWS_ENDS;

		if (count > ROWS_ALL && !end &&
		    (report_words_closed_well(v) || ++odd > ROWS_ODD))
			left_out++;
		else
			put_volume(out, v);
	}
	fputc('\n', out);
	if (left_out > 0)
		fprintf(out, "%zu more volumes.\n\n", left_out);
	put_errors(out, s);
}

static void put_plot(FILE *out, const struct results_scenario *s,
    const struct results_dump *d, const struct gnuplot_plot *plot)
{
	if (plot->drawn) {
		fputs("![Rates and buffer fill over time](<", out);
		report_text_url(out, d->folder);
		fputs("/throughput.svg>)\n\nData: ", out);
	} else {
		fputs("No plot: ", out);
		report_text_markdown(out, plot->why);
		fputs(s->status == RESULTS_SKIPPED ? "."
						   : "; " WORDS_DRAW_LATER ".",
		    out);
		fputs("\n\nData: ", out);
	}
	put_link(out, d->folder, "throughput.tsv");
	fputs(", ", out);
	put_link(out, d->folder, "attempts.tsv");
	if (s->traced) {
		fputs(", ", out);
		put_link(out, d->folder, "trace.tsv");
	}
	fputs("; script: ", out);
	put_link(out, d->folder, "throughput.gp");
	fputs(".\n\n", out);
}

static void put_metrics(FILE *out, const struct results_metric *metrics,
    size_t count, const char *level)
{
	char value[UNITS_BYTES];

	if (count == 0)
		return;
	fprintf(out,
	    "%s Metrics\n\n| metric | value | exact |\n"
	    "| --- | ---: | ---: |\n",
	    level);
	for (size_t i = 0; i < count; i++) {
		const struct results_metric *m = &metrics[i];

		/* The attempts line: the table of attempts has it too. */
		if (m->kind == RESULTS_TEXT && report_text_chars(m->text) > 40)
			continue;
		fputs("| ", out);
		report_text_markdown(out, m->name);
		fputs(" | ", out);
		if (m->kind == RESULTS_TEXT)
			report_text_markdown(out, m->text);
		else
			fputs(report_metric_text(value, m), out);
		fputs(" | ", out);
		if (m->kind == RESULTS_NUMBER && strcmp(m->unit, "B") == 0)
			fprintf(out, "%" PRIu64 " ", m->number);
		fputs("|\n", out);
	}
	fputc('\n', out);
}

/* Writes outcome, reason, safe bytes and the time. */
static void put_outcome(FILE *out, const char *outcome, const char *reason,
    uint64_t safe_bytes, int64_t duration_ns)
{
	char size[UNITS_BYTES], time[UNITS_BYTES];

	fputs("Outcome ", out);
	report_text_markdown(out, outcome);
	if (*report_words_or_empty(reason) != '\0') {
		fputs(" (", out);
		report_text_markdown(out, reason);
		fputs(")", out);
	}
	fprintf(out, ", %" PRIu64 " bytes (%s) are safe, after %s. ",
	    safe_bytes, units_size(size, safe_bytes),
	    units_time(time, (double)duration_ns / 1e9));
}

/* Writes a dump of several, in a section of its own. */
static void put_dump(FILE *out, const struct results_scenario *s,
    const struct results_dump *d, const struct gnuplot_plot *plot)
{
	fputs("### Dump ", out);
	report_text_markdown(out, d->name);
	fputs("\n\n", out);
	put_outcome(out, d->outcome, d->reason, d->safe_bytes,
	    d->ended_ns - d->begun_ns);
	fputs("\n\n", out);
	put_plot(out, s, d, plot);
	put_metrics(out, d->metrics, d->metrics_count, "####");
	put_attempts(out, d, "####");
	put_volumes(out, d, "####");
}

static void put_short(FILE *out, const struct results_scenario *s)
{
	struct summary summary = report_summary(s);

	for (size_t i = 0; i < summary.count; i++)
		fprintf(out, "- %s\n", summary.line[i]);
	if (summary.count > 0)
		fputc('\n', out);
}

static void put_scenario(FILE *out, const struct results_scenario *s,
    const struct gnuplot_plot *plots)
{
	const char *problem = report_words_or_empty(s->problem);

	fputs("## ", out);
	report_text_markdown(out, s->name);
	if (*report_words_or_empty(s->title) != '\0') {
		fputs(": ", out);
		report_text_markdown(out, s->title);
	}
	fprintf(out, "\n\nResult: %s", loud_status(s->status));
	if (*problem != '\0') {
		fputs(": ", out);
		report_text_markdown(out, problem);
	}
	fputs(". ", out);
	if (s->status != RESULTS_SKIPPED)
		put_outcome(out, s->outcome, s->reason, s->safe_bytes,
		    s->duration_ns);
	if (s->status != RESULTS_SKIPPED && !s->read_back)
		fputs("Nothing was read back. ", out);
	fputs("File ", out);
	report_text_markdown(out, s->file);
	fprintf(out, ", seed %" PRIu64 ", ", s->seed);
	report_text_markdown(out, s->clock);
	fputs(" clock, drives: ", out);
	report_text_markdown(out, s->drives);
	fputs(".\n\n", out);
	put_short(out, s);
	put_expectations(out, s);
	report_markdown_published(out, s);
	report_markdown_faults(out, s);
	if (s->status == RESULTS_SKIPPED)
		return;
	if (s->dumps_count == 1)
		put_plot(out, s, &s->dumps[0], &plots[0]);
	put_metrics(out, s->metrics, s->metrics_count, "###");
	if (s->dumps_count == 1) {
		put_attempts(out, &s->dumps[0], "###");
		put_volumes(out, &s->dumps[0], "###");
		return;
	}
	for (size_t i = 0; i < s->dumps_count; i++)
		put_dump(out, s, &s->dumps[i], &plots[i]);
}

int report_markdown_write(const struct results *results,
    const struct gnuplot_plot *plots, const char *dir, char *err,
    size_t err_bytes)
{
	struct output output;
	size_t at = 0;

	if (report_output_open(&output, err, err_bytes) < 0)
		return -1;
	put_summary(output.text, results);
	report_markdown_published_all(output.text, results);
	for (size_t i = 0; i < results->count; i++) {
		put_scenario(output.text, results->scenarios[i], &plots[at]);
		at += results->scenarios[i]->dumps_count;
	}
	return report_output_commit(&output, dir, "report.md", err, err_bytes);
}

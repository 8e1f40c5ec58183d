/* dump.c: the plot, the map and the tables of a dump. */
#include "reports/html/impl.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/metric.h"
#include "reports/output.h"
#include "reports/plot/svg.h"
#include "reports/text.h"
#include "reports/words.h"

enum {
	ROWS_MAX = 400,   /* dumps that are listed */
	WHOLE_MAX = 12,   /* dumps that are shown with plot and tables */
	WHOLE_ALWAYS = 6, /* of those that are shown because they come first */
	DESCRIPTION_BYTES = PATH_MAX + 200
};

/* Writes what the plot shows, in words. */
static const char *describe(char text[DESCRIPTION_BYTES],
    const struct results_dump *d)
{
	char time[UNITS_BYTES];
	size_t faults = 0;

	for (size_t i = 0; i < d->marks_count; i++)
		faults += d->marks[i].kind == RESULTS_MARK_FAULT;
	snprintf(text, DESCRIPTION_BYTES,
	    "Feed rate, tape rate and buffer fill of %s over %s, with %zu "
	    "committed parts, %zu volumes and %zu faults.",
	    d->folder, units_time(time, (double)d->ended_ns / 1e9),
	    report_words_committed(d), d->volumes_count, faults);
	return text;
}

/* Returns the plot of a dump, which the caller frees, or NULL. */
static char *read_plot(const struct html *html, const struct results_dump *d)
{
	char *path, *text;

	if (asprintf(&path, "%s/%s/throughput.svg", html->dir, d->folder) < 0)
		return NULL;
	text = report_output_read(path);
	free(path);
	return text;
}

/* Writes the drawing into the page, or a link to it if it is not ours. */
static void put_picture(const struct html *html, const struct results_dump *d,
    size_t number)
{
	char *svg = read_plot(html, d), label[DESCRIPTION_BYTES];
	FILE *out = html->out;

	describe(label, d);
	if (svg == NULL || !report_plot_svg_embed(out, svg, number, label)) {
		fputs("<img loading=\"lazy\" width=\"1120\" height=\"600\" "
		      "src=\"",
		    out);
		report_text_url(out, d->folder);
		fputs("/throughput.svg\" alt=\"", out);
		report_text_html(out, label);
		fputs("\">\n", out);
	}
	free(svg);
}

static void put_file_link(FILE *out, const char *folder, const char *file)
{
	fputs("<a href=\"", out);
	report_text_url(out, folder);
	fprintf(out, "/%s\">%s</a>", file, file);
}

static void put_no_plot(FILE *out, const struct results_dump *d,
    const char *why)
{
	fputs("<p class=\"quiet\">No plot: ", out);
	report_text_html(out, why);
	if (strcmp(why, WORDS_NO_TIME) != 0) {
		fputs(". To draw it, run <code>gnuplot throughput.gp</code> in "
		      "the folder <code>",
		    out);
		report_html_name(out, d->folder);
		fputs("</code>", out);
	}
	fputs(".</p>\n", out);
}

void report_html_plot(const struct html *html, const struct results_dump *d,
    const struct gnuplot_plot *plot)
{
	FILE *out = html->out;
	size_t number = ++*html->pictures;

	if (!plot->drawn) {
		put_no_plot(out, d, plot->why);
		fputs("<figure>\n", out);
	} else {
		fprintf(out,
		    "<h3>Throughput</h3>\n<figure id=\"p%zu\">\n"
		    "<p class=\"large\"><a href=\"#p%zu\">Enlarge the plot</a>"
		    "<a class=\"close\" href=\"#s%zu\">Close</a></p>\n"
		    "<div class=\"plot\">",
		    number, number, html->id);
		put_picture(html, d, number);
		fputs("</div>\n", out);
	}
	fputs("<figcaption>Files: ", out);
	put_file_link(out, d->folder, "throughput.tsv");
	fputs(", ", out);
	put_file_link(out, d->folder, "attempts.tsv");
	if (html->scenario->traced) {
		fputs(", ", out);
		put_file_link(out, d->folder, "trace.tsv");
	}
	fputs(", ", out);
	put_file_link(out, d->folder, "throughput.gp");
	fputs("</figcaption>\n</figure>\n", out);
}

/* Returns whether a metric says something: it is neither undefined nor 0. */
static bool says_something(const struct results_metric *m)
{
	if (m->kind == RESULTS_TEXT)
		return *report_words_or_empty(m->text) != '\0';
	return m->kind == RESULTS_NUMBER ? m->number != 0
	    : m->kind == RESULTS_REAL    ? m->real > 0 || m->real < 0
					 : false;
}

/* Writes a value; a size also exactly. */
static void put_value(const struct html *html, const struct results_metric *m)
{
	char text[UNITS_BYTES];
	bool is_size = m->kind == RESULTS_NUMBER && strcmp(m->unit, "B") == 0;

	report_html_shortened(html->out,
	    m->kind == RESULTS_TEXT ? m->text
		: is_size           ? report_html_size(html, text, m->number)
				    : report_metric_text(text, m));
	if (is_size && m->number >= 1024)
		fprintf(html->out, " <small>%s</small>",
		    units_size_grouped(text, m->number));
}

void report_html_metrics(const struct html *html,
    const struct results_metric *metrics, size_t count)
{
	FILE *out = html->out;
	size_t silent = 0;

	if (count == 0)
		return;
	fprintf(out,
	    "<details>\n<summary><h3>Metrics <small>%zu</small></h3>"
	    "</summary>\n<dl class=\"metrics\">\n",
	    count);
	for (size_t i = 0; i < count; i++) {
		const struct results_metric *m = &metrics[i];
		bool text_long =
		    m->kind == RESULTS_TEXT && report_text_chars(m->text) > 24;

		if (!says_something(m)) {
			silent++;
			continue;
		}
		fprintf(out, "<div%s><dt>", text_long ? " class=\"long\"" : "");
		report_html_name(out, m->name);
		fputs("</dt><dd>", out);
		put_value(html, m);
		fputs("</dd></div>\n", out);
	}
	fputs("</dl>\n", out);
	if (silent > 0)
		fprintf(out,
		    "<p class=\"quiet\">%zu more are 0 or undefined.</p>\n",
		    silent);
	fputs("</details>\n", out);
}

void report_html_dump(const struct html *html, const struct results_dump *d,
    const struct gnuplot_plot *plot)
{
	const struct results_scenario *s = html->scenario;
	bool one = s->dumps_count == 1 && s->steps_count == 0;

	report_html_plot(html, d, plot);
	report_html_events(html, d);
	report_html_map(html, d);
	report_html_attempts(html, d);
	report_html_volumes(html, d);
	report_html_readings(html, d);
	report_html_metrics(html, one ? s->metrics : d->metrics,
	    one ? s->metrics_count : d->metrics_count);
}

static bool is_done(const struct results_dump *d)
{
	return strcmp(report_words_or_empty(d->outcome), "DONE") == 0;
}

static void put_dump_row(const struct html *html, const struct results_dump *d)
{
	FILE *out = html->out;
	char time[UNITS_BYTES];

	fprintf(out, "<tr%s><th scope=\"row\">",
	    is_done(d) ? "" : " class=\"failed\"");
	report_html_name(out, d->name);
	fputs("</th>", out);
	report_html_cell(out, "", d->outcome);
	report_html_size_cell(html, d->safe_bytes);
	report_html_cell(out, "num",
	    units_time(time, (double)d->begun_ns / 1e9));
	report_html_cell(out, "num",
	    units_time(time, (double)(d->ended_ns - d->begun_ns) / 1e9));
	fputs("<td class=\"why\">", out);
	report_html_name(out, d->reason);
	fputs("</td></tr>\n", out);
}

static void put_dump_table(const struct html *html)
{
	const struct results_scenario *s = html->scenario;
	size_t rows = s->dumps_count < ROWS_MAX ? s->dumps_count : ROWS_MAX;
	FILE *out = html->out;

	report_html_begin_table(out, "Dumps", s->dumps_count,
	    "<th scope=\"col\">Dump</th><th scope=\"col\">Outcome</th>"
	    "<th scope=\"col\" class=\"num\">Safe bytes</th>"
	    "<th scope=\"col\" class=\"num\">Begun</th>"
	    "<th scope=\"col\" class=\"num\">Duration</th>"
	    "<th scope=\"col\">Reason</th>");
	for (size_t i = 0; i < rows; i++)
		put_dump_row(html, &s->dumps[i]);
	if (rows < s->dumps_count)
		fprintf(out,
		    "<tr><td colspan=\"6\">%zu more are in "
		    "results.json</td></tr>\n",
		    s->dumps_count - rows);
	report_html_end_table(out);
}

void report_html_dumps(const struct html *html,
    const struct gnuplot_plot *plots)
{
	const struct results_scenario *s = html->scenario;
	FILE *out = html->out;
	size_t shown = 0;

	put_dump_table(html);
	report_html_metrics(html, s->metrics, s->metrics_count);
	for (size_t i = 0; i < s->dumps_count && shown < WHOLE_MAX; i++) {
		if (s->dumps_count > WHOLE_MAX && is_done(&s->dumps[i]) &&
		    shown >= WHOLE_ALWAYS)
			continue;
		fputs("<div class=\"dump\">\n<h3 class=\"first\">Dump ", out);
		report_html_name(out, s->dumps[i].name);
		fputs("</h3>\n", out);
		report_html_dump(html, &s->dumps[i], &plots[i]);
		fputs("</div>\n", out);
		shown++;
	}
	if (shown < s->dumps_count)
		fprintf(out,
		    "<p class=\"note\">%zu more dumps have their plots and "
		    "tables in the folders of the results.</p>\n",
		    s->dumps_count - shown);
}

/* scenario.c: the section of a scenario. */
#include "reports/html/impl.h"

#include <inttypes.h>
#include <string.h>

#include "reports/plot/place.h"
#include "reports/summary.h"
#include "reports/text.h"
#include "reports/metric.h"
#include "reports/units.h"
#include "reports/words.h"

static void put_fact(FILE *out, const char *name, const char *text)
{
	fprintf(out, "<div><dt>%s</dt><dd>", name);
	report_text_html(out, text);
	fputs("</dd></div>\n", out);
}

static void put_facts(FILE *out, const struct results_scenario *s)
{
	char text[UNITS_BYTES * 2], size[UNITS_BYTES], exact[UNITS_BYTES];
	size_t committed = 0;

	fputs("<dl class=\"facts\">\n", out);
	if (s->status != RESULTS_SKIPPED) {
		for (size_t i = 0; i < s->dumps_count; i++)
			committed += report_words_committed(&s->dumps[i]);
		put_fact(out, "Outcome", s->outcome);
		if (*report_words_or_empty(s->reason) != '\0')
			put_fact(out, "Reason", s->reason);
		fprintf(out,
		    "<div><dt>Safe bytes</dt><dd>%s <small>%s</small></dd>"
		    "</div>\n",
		    units_size(size, s->safe_bytes),
		    units_size_grouped(exact, s->safe_bytes));
		snprintf(text, sizeof(text), "%zu in %zu attempt%s", committed,
		    results_attempts(s), results_attempts(s) == 1 ? "" : "s");
		put_fact(out, "Parts committed", text);
		snprintf(text, sizeof(text), "%zu", results_volumes(s));
		put_fact(out, "Volumes loaded", text);
		put_fact(out, "Duration",
		    units_time(text, (double)s->duration_ns / 1e9));
	}
	put_fact(out, "Drives", s->drives);
	if (s->status != RESULTS_SKIPPED && !s->read_back)
		put_fact(out, "Read back", "no");
	put_fact(out, "Clock", s->clock);
	snprintf(text, sizeof(text), "%" PRIu64, s->seed);
	put_fact(out, "Seed", text);
	put_fact(out, "File", s->file);
	fputs("</dl>\n", out);
}

static void put_expectations(FILE *out, const struct results_scenario *s)
{
	if (s->expectations_count == 0)
		return;
	fputs("<h3>Expectations</h3>\n"
	      "<div class=\"wide\"><table>\n<thead><tr>"
	      "<th scope=\"col\">Result</th><th scope=\"col\">Expected</th>"
	      "<th scope=\"col\">Actual</th>"
	      "<th scope=\"col\" class=\"num\">Line</th>"
	      "</tr></thead>\n<tbody>\n",
	    out);
	for (size_t i = 0; i < s->expectations_count; i++) {
		const struct results_expectation *e = &s->expectations[i];

		bool met = results_expectation_is_met(e);

		fprintf(out,
		    "<tr class=\"%s\"><td class=\"mark\">%s %s</td>"
		    "<th scope=\"row\"><code>",
		    met ? "passed" : "failed",
		    met ? "\xe2\x9c\x93" : "\xe2\x9c\x97",
		    report_words_expectation(e));
		report_text_html(out, e->text);
		fputs("</code>", out);
		report_html_known(out, e->known);
		fputs("</th><td><code>", out);
		report_text_html(out, e->actual);
		fprintf(out, "</code></td><td class=\"num\">%d</td></tr>\n",
		    e->line);
	}
	fputs("</tbody>\n</table></div>\n", out);
}

static void put_file_link(FILE *out, const char *folder, const char *file)
{
	fputs("<a href=\"", out);
	report_text_url(out, folder);
	fprintf(out, "/%s\">%s</a>", file, file);
}

static void put_alternative(FILE *out, const struct results_dump *s)
{
	char time[UNITS_BYTES];
	size_t faults = 0;

	for (size_t i = 0; i < s->marks_count; i++)
		faults += s->marks[i].kind == RESULTS_MARK_FAULT;
	fputs("Feed rate, tape rate and buffer fill of ", out);
	report_text_html(out, s->folder);
	fprintf(out,
	    " over %s, with the boundaries of %zu committed parts "
	    "and %zu volumes, and %zu faults.",
	    units_time(time, (double)s->ended_ns / 1e9),
	    report_words_committed(s), s->volumes_count, faults);
}

static void put_plot(FILE *out, const struct results_scenario *s,
    const struct results_dump *d, const struct gnuplot_plot *plot)
{
	fputs("<h3>Throughput</h3>\n<figure>\n", out);
	if (plot->drawn) {
		fputs("<a class=\"plot\" title=\"open the plot alone\" "
		      "href=\"",
		    out);
		report_text_url(out, d->folder);
		fprintf(out,
		    "/throughput.svg\"><img width=\"%d\" height=\"%d\" "
		    "loading=\"lazy\" src=\"",
		    PLOT_WIDTH_PX, plot_height_px(d));
		report_text_url(out, d->folder);
		fputs("/throughput.svg\" alt=\"", out);
		put_alternative(out, d);
		fputs("\"></a>\n", out);
	} else {
		fputs("<p class=\"note\">No plot: ", out);
		report_text_html(out, plot->why);
		fputs(". To draw it, run "
		      "<code>gnuplot throughput.gp</code> in the folder <code>",
		    out);
		report_text_html(out, d->folder);
		fputs("</code>.</p>\n", out);
	}
	fputs("<figcaption>Data: ", out);
	put_file_link(out, d->folder, "throughput.tsv");
	fputs(", ", out);
	put_file_link(out, d->folder, "attempts.tsv");
	if (s->traced) {
		fputs(", ", out);
		put_file_link(out, d->folder, "trace.tsv");
	}
	fputs("; script: ", out);
	put_file_link(out, d->folder, "throughput.gp");
	fputs("</figcaption>\n</figure>\n", out);
}

static void put_metrics(FILE *out, const struct results_metric *metrics,
    size_t count)
{
	char text[UNITS_BYTES];

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

		fprintf(out, "<div%s><dt>", text_long ? " class=\"long\"" : "");
		report_text_html(out, m->name);
		fputs("</dt><dd>", out);
		report_text_html(out,
		    m->kind == RESULTS_TEXT ? m->text
					    : report_metric_text(text, m));
		if (m->kind == RESULTS_NUMBER && m->number >= 1024 &&
		    strcmp(m->unit, "B") == 0)
			fprintf(out, " <small>%s</small>",
			    units_size_grouped(text, m->number));
		fputs("</dd></div>\n", out);
	}
	fputs("</dl>\n</details>\n", out);
}

static void put_attempt(FILE *out, const struct results_attempt *a)
{
	char text[UNITS_BYTES];

	fprintf(out,
	    "<tr%s><th scope=\"row\" class=\"num\">%" PRIu64 "</th>"
	    "<td class=\"num\">%" PRIu64 "</td>",
	    a->committed ? "" : " class=\"failed\"", a->part, a->attempt);
	report_html_cell(out, "name", a->volume);
	fprintf(out,
	    "<td class=\"num\">%" PRIu64 "</td>"
	    "<td class=\"num\">%" PRIu64 "</td>",
	    a->file, a->offset_bytes);
	report_html_size_cells(out, a->bytes);
	fputs("<td class=\"why\">", out);
	report_text_html(out, a->end);
	fputs(" <small>", out);
	report_text_html(out, report_words_end(a));
	fprintf(out, "</small></td><td>%s</td>", a->committed ? "yes" : "no");
	report_html_cell(out, "num", units_time(text, a->seconds));
	report_html_cell(out, "num",
	    a->seconds > 0 ? units_rate(text, (double)a->bytes / a->seconds)
			   : "");
	fputs("</tr>\n", out);
}

static void put_attempts(FILE *out, const struct results_dump *s)
{
	if (s->attempts_count == 0)
		return;
	report_html_begin_table(out, "Attempts", s->attempts_count,
	    "<th scope=\"col\" class=\"num\">Part</th>"
	    "<th scope=\"col\" class=\"num\">Attempt</th>"
	    "<th scope=\"col\">Volume</th>"
	    "<th scope=\"col\" class=\"num\">File</th>"
	    "<th scope=\"col\" class=\"num\">Offset</th>"
	    "<th scope=\"col\" class=\"num\" colspan=\"2\">Size</th>"
	    "<th scope=\"col\">End</th>"
	    "<th scope=\"col\">Committed</th>"
	    "<th scope=\"col\" class=\"num\">Duration</th>"
	    "<th scope=\"col\" class=\"num\">Rate</th>");
	for (size_t i = 0; i < s->attempts_count; i++)
		put_attempt(out, &s->attempts[i]);
	report_html_end_table(out);
}

static void put_volumes(FILE *out, const struct results_dump *s)
{
	if (s->volumes_count == 0)
		return;
	report_html_begin_table(out, "Volumes", s->volumes_count,
	    "<th scope=\"col\">Volume</th>"
	    "<th scope=\"col\" class=\"num\" colspan=\"2\">"
	    "Capacity</th>"
	    "<th scope=\"col\" class=\"num\" colspan=\"2\">"
	    "Written</th>"
	    "<th scope=\"col\">State</th>"
	    "<th scope=\"col\">Reason</th>");
	for (size_t i = 0; i < s->volumes_count; i++) {
		const struct results_volume *v = &s->volumes[i];

		fprintf(out, "<tr%s><th scope=\"row\" class=\"name\">",
		    report_words_closed_well(v) ? "" : " class=\"failed\"");
		report_text_html(out, v->barcode);
		fputs("</th>", out);
		if (v->capacity_bytes == 0)
			fputs("<td class=\"num\" colspan=\"2\">unknown"
			      "</td>",
			    out);
		else
			report_html_size_cells(out, v->capacity_bytes);
		report_html_size_cells(out, v->written_bytes);
		report_html_cell(out, "", v->closed);
		report_html_cell(out, "", v->reason);
		fputs("</tr>\n", out);
	}
	report_html_end_table(out);
}

/* Writes the plot, the metrics and the tables of a dump. */
static void put_dump(FILE *out, const struct results_scenario *s,
    const struct results_dump *d, const struct gnuplot_plot *plot)
{
	bool one = s->dumps_count == 1;

	put_plot(out, s, d, plot);
	report_html_map(out, d);
	put_metrics(out, one ? s->metrics : d->metrics,
	    one ? s->metrics_count : d->metrics_count);
	put_attempts(out, d);
	put_volumes(out, d);
}

/* Writes the table of several dumps, and then each dump. */
static void put_dumps(FILE *out, const struct results_scenario *s,
    const struct gnuplot_plot *plots)
{
	char time[UNITS_BYTES];

	fputs("<h3>All dumps</h3>\n"
	      "<div class=\"wide\"><table>\n<thead><tr>"
	      "<th scope=\"col\">Dump</th><th scope=\"col\">Outcome</th>"
	      "<th scope=\"col\" class=\"num\" colspan=\"2\">Safe bytes</th>"
	      "<th scope=\"col\" class=\"num\">Begun</th>"
	      "<th scope=\"col\" class=\"num\">Duration</th>"
	      "<th scope=\"col\">Reason</th></tr></thead>\n<tbody>\n",
	    out);
	for (size_t i = 0; i < s->dumps_count; i++) {
		const struct results_dump *d = &s->dumps[i];

		fputs("<tr><th scope=\"row\">", out);
		report_text_html(out, d->name);
		fputs("</th>", out);
		report_html_cell(out, "", d->outcome);
		report_html_size_cells(out, d->safe_bytes);
		report_html_cell(out, "num",
		    units_time(time, (double)d->begun_ns / 1e9));
		report_html_cell(out, "num",
		    units_time(time,
			(double)(d->ended_ns - d->begun_ns) / 1e9));
		report_html_cell(out, "", report_words_or_empty(d->reason));
		fputs("</tr>\n", out);
	}
	fputs("</tbody>\n</table></div>\n", out);
	put_metrics(out, s->metrics, s->metrics_count);
	for (size_t i = 0; i < s->dumps_count; i++) {
		fputs("<div class=\"dump\">\n<h3>Dump ", out);
		report_text_html(out, s->dumps[i].name);
		fputs("</h3>\n", out);
		put_dump(out, s, &s->dumps[i], &plots[i]);
		fputs("</div>\n", out);
	}
}

static void put_summary(FILE *out, const struct results_scenario *s)
{
	struct summary summary = report_summary(s);

	if (summary.count == 0)
		return;
	fputs("<ul class=\"short\">\n", out);
	for (size_t i = 0; i < summary.count; i++)
		fprintf(out, "<li>%s</li>\n", summary.line[i]);
	fputs("</ul>\n", out);
}

void report_html_scenario(FILE *out, const struct results_scenario *s,
    const struct gnuplot_plot *plots, size_t id)
{
	const char *problem = report_words_or_empty(s->problem);

	fprintf(out,
	    "<section class=\"scenario %s\" "
	    "aria-labelledby=\"s%zu\">\n<h2 id=\"s%zu\">",
	    report_words_status(s->status), id, id);
	report_html_badge(out, s->status);
	fputc(' ', out);
	report_text_html(out, s->name);
	fputs("</h2>\n<p class=\"title\">", out);
	report_text_html(out, s->title);
	fputs("</p>\n", out);
	put_summary(out, s);
	if (*problem != '\0') {
		fprintf(out, "<p class=\"problem %s\">",
		    report_words_status(s->status));
		report_text_html(out, problem);
		fputs("</p>\n", out);
	}
	put_facts(out, s);
	put_expectations(out, s);
	report_html_published(out, s);
	if (s->status != RESULTS_SKIPPED && s->dumps_count == 1)
		put_dump(out, s, &s->dumps[0], &plots[0]);
	else if (s->status != RESULTS_SKIPPED)
		put_dumps(out, s, plots);
	report_html_drives(out, s);
	fputs("</section>\n", out);
}

/* html.c: the page: head, summary, and scenarios. */
#include "reports/html/html.h"

#include <stdio.h>

#include "reports/html/impl.h"
#include "reports/html/page.h"
#include "reports/output.h"
#include "reports/text.h"
#include "reports/units.h"
#include "reports/words.h"

static const enum results_status order[] = { RESULTS_FAILED, RESULTS_PASSED,
	RESULTS_SKIPPED };
enum { ORDERS = sizeof(order) / sizeof(*order) };

static void put_head(FILE *out, const struct results *results)
{
	size_t failed = report_words_count(results, RESULTS_FAILED);
	char title[64];

	if (failed > 0)
		snprintf(title, sizeof(title), "%zu failed: tapelab results",
		    failed);
	else
		snprintf(title, sizeof(title), "tapelab results");
	report_html_page_begin(out, title);
}

static void put_counts(FILE *out, const struct results *results)
{
	fputs("<header>\n<h1>tapelab results</h1>\n<p class=\"counts\">", out);
	for (size_t i = 0; i < ORDERS; i++) {
		size_t count = report_words_count(results, order[i]);
		const char *word = report_words_status(order[i]);

		fprintf(out, "%s<span class=\"count %s\"><b>%zu</b> %s</span>",
		    i == 0 ? "" : " ", count > 0 ? word : "none", count, word);
	}
	fputs("</p>\n</header>\n", out);
}

static void put_row(FILE *out, const struct results_scenario *s, size_t id)
{
	char time[UNITS_BYTES];

	fprintf(out, "<tr class=\"%s\"><td>", report_words_status(s->status));
	report_html_badge(out, s->status);
	fprintf(out, "</td><th scope=\"row\"><a href=\"#s%zu\">", id);
	report_text_html(out, s->name);
	fputs("</a></th>", out);
	report_html_cell(out, "", s->title);
	report_html_cell(out, "", s->clock);
	if (s->status == RESULTS_SKIPPED) {
		fputs("<td colspan=\"4\">", out);
		report_text_html(out, s->problem);
		fputs("</td></tr>\n", out);
		return;
	}
	report_html_cell(out, "", s->outcome);
	report_html_size_cells(out, s->safe_bytes);
	report_html_cell(out, "num",
	    units_time(time, (double)s->duration_ns / 1e9));
	fputs("</tr>\n", out);
}

static void put_summary(FILE *out, const struct results *results)
{
	fputs("<section aria-labelledby=\"summary\">\n"
	      "<h2 id=\"summary\">Scenarios</h2>\n",
	    out);
	if (results->count == 0) {
		fputs("<p>No scenario was run.</p>\n</section>\n", out);
		return;
	}
	fputs("<div class=\"wide\"><table class=\"summary\">\n<thead><tr>"
	      "<th scope=\"col\">Result</th><th scope=\"col\">Scenario</th>"
	      "<th scope=\"col\">Title</th><th scope=\"col\">Clock</th>"
	      "<th scope=\"col\">Outcome</th>"
	      "<th scope=\"col\" class=\"num\" colspan=\"2\">Safe bytes</th>"
	      "<th scope=\"col\" class=\"num\">Duration</th>"
	      "</tr></thead>\n<tbody>\n",
	    out);
	for (size_t i = 0; i < ORDERS; i++) {
		for (size_t j = 0; j < results->count; j++) {
			if (results->scenarios[j]->status == order[i])
				put_row(out, results->scenarios[j], j + 1);
		}
	}
	fputs("</tbody>\n</table></div>\n</section>\n", out);
}

/* Returns the plots of a scenario: all dumps have one, in order. */
static const struct gnuplot_plot *plots_of(const struct results *results,
    const struct gnuplot_plot *plots, size_t scenario)
{
	for (size_t i = 0; i < scenario; i++)
		plots += results->scenarios[i]->dumps_count;
	return plots;
}

int report_html_write(const struct results *results,
    const struct gnuplot_plot *plots, const char *dir, char *err,
    size_t err_bytes)
{
	struct output output;
	FILE *out;

	if (report_output_open(&output, err, err_bytes) < 0)
		return -1;
	out = output.text;
	put_head(out, results);
	put_counts(out, results);
	fputs("<main>\n", out);
	put_summary(out, results);
	report_html_published_all(out, results);
	for (size_t i = 0; i < ORDERS; i++) {
		for (size_t j = 0; j < results->count; j++) {
			if (results->scenarios[j]->status == order[i])
				report_html_scenario(out, results->scenarios[j],
				    plots_of(results, plots, j), j + 1);
		}
	}
	fputs("</main>\n", out);
	report_html_page_end(out);
	return report_output_commit(&output, dir, "index.html", err, err_bytes);
}

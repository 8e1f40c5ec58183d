/* html.c: the page: what failed, the comparison, and the scenarios. */
#include "reports/html/html.h"

#include <stdio.h>

#include "reports/html/compare.h"
#include "reports/html/impl.h"
#include "reports/html/page.h"
#include "reports/output.h"
#include "reports/text.h"
#include "reports/units.h"
#include "reports/words.h"

static const enum results_status order[] = { RESULTS_FAILED, RESULTS_PASSED,
	RESULTS_SKIPPED };
enum {
	ORDERS = sizeof(order) / sizeof(*order),
	FAILURES_MAX = 30, /* that are listed at the top */
	OPEN_MAX = 3       /* scenarios whose details are shown at first */
};

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

/* Writes what failed, with a link to each scenario. */
static void put_failures(FILE *out, const struct results *results)
{
	size_t failed = report_words_count(results, RESULTS_FAILED), listed = 0;

	if (failed == 0 || results->count == 1)
		return;
	fputs("<section class=\"failures\" aria-labelledby=\"failures\">\n"
	      "<h2 id=\"failures\">Failed</h2>\n<ul>\n",
	    out);
	for (size_t i = 0; i < results->count && listed < FAILURES_MAX; i++) {
		const struct results_scenario *s = results->scenarios[i];

		if (s->status != RESULTS_FAILED)
			continue;
		fprintf(out, "<li><a href=\"#s%zu\">", i + 1);
		report_html_name(out, s->name);
		fputs("</a>", out);
		report_html_failure(out, s);
		fputs("</li>\n", out);
		listed++;
	}
	fputs("</ul>\n", out);
	if (listed < failed)
		fprintf(out, "<p>and %zu more</p>\n", failed - listed);
	fputs("</section>\n", out);
}

/* Returns the plots of a scenario: all dumps have one, in order. */
static const struct gnuplot_plot *plots_of(const struct results *results,
    const struct gnuplot_plot *plots, size_t scenario)
{
	for (size_t i = 0; i < scenario; i++)
		plots += results->scenarios[i]->dumps_count;
	return plots;
}

/* Returns whether the details of a scenario are shown at first. */
static bool is_open(const struct results *results,
    const struct results_scenario *s)
{
	size_t failed = report_words_count(results, RESULTS_FAILED);

	return results->count <= OPEN_MAX ||
	    (s->status == RESULTS_FAILED && failed <= OPEN_MAX);
}

static void put_scenarios(FILE *out, const struct results *results,
    const struct gnuplot_plot *plots, const char *dir)
{
	size_t pictures = 0;

	fputs("<div class=\"scenarios\">\n<p class=\"heads\">"
	      "<span>Result</span><span>Scenario</span><span>Outcome</span>"
	      "<span class=\"num\">Safe bytes</span>"
	      "<span class=\"num\">Duration</span></p>\n",
	    out);
	if (results->count == 0)
		fputs("<p>No scenario was run.</p>\n", out);
	for (size_t i = 0; i < ORDERS; i++)
		for (size_t j = 0; j < results->count; j++) {
			const struct results_scenario *s =
			    results->scenarios[j];
			const struct html html = { .out = out,
				.results = results,
				.scenario = s,
				.id = j + 1,
				.decimal = report_html_is_decimal(s),
				.dir = dir,
				.pictures = &pictures };

			if (s->status == order[i])
				report_html_scenario(&html,
				    plots_of(results, plots, j),
				    is_open(results, s));
		}
	fputs("</div>\n", out);
}

int report_html_write(const struct results *results,
    const struct gnuplot_plot *plots, const struct comparison *comparison,
    const char *dir, char *err, size_t err_bytes)
{
	struct output output;
	FILE *out;

	if (report_output_open(&output, err, err_bytes) < 0)
		return -1;
	out = output.text;
	put_head(out, results);
	put_counts(out, results);
	fputs("<main>\n", out);
	put_failures(out, results);
	if (comparison != NULL)
		report_html_compare(out, comparison, results);
	report_html_published_all(out, results);
	put_scenarios(out, results, plots, dir);
	fputs("</main>\n", out);
	report_html_page_end(out);
	return report_output_commit(&output, dir, "index.html", err, err_bytes);
}

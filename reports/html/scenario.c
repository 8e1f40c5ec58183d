/* scenario.c: the row of a scenario, and its details. */
#include "reports/html/impl.h"

#include <inttypes.h>
#include <string.h>

#include "reports/summary.h"
#include "reports/text.h"
#include "reports/words.h"

static void put_fact(FILE *out, const char *name, const char *text)
{
	if (*report_words_or_empty(text) == '\0')
		return;
	fprintf(out, "<div><dt>%s</dt><dd>", name);
	report_html_name(out, text);
	fputs("</dd></div>\n", out);
}

static void put_facts(const struct html *html)
{
	const struct results_scenario *s = html->scenario;
	FILE *out = html->out;
	char text[UNITS_BYTES * 2], exact[UNITS_BYTES];
	size_t committed = 0;

	fputs("<dl class=\"facts\">\n", out);
	if (s->status != RESULTS_SKIPPED) {
		for (size_t i = 0; i < s->dumps_count; i++)
			committed += report_words_committed(&s->dumps[i]);
		put_fact(out, "Reason", s->reason);
		fprintf(out,
		    "<div><dt>Safe bytes</dt><dd>%s <small>%s</small></dd>"
		    "</div>\n",
		    report_html_size(html, text, s->safe_bytes),
		    units_size_grouped(exact, s->safe_bytes));
		snprintf(text, sizeof(text), "%zu in %zu attempt%s", committed,
		    results_attempts(s), results_attempts(s) == 1 ? "" : "s");
		put_fact(out, "Parts committed", text);
		snprintf(text, sizeof(text), "%zu", results_volumes(s));
		put_fact(out, "Volumes loaded", text);
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

/* Writes the row, which opens and closes the details. */
static void put_row(const struct html *html)
{
	const struct results_scenario *s = html->scenario;
	FILE *out = html->out;
	char text[UNITS_BYTES];

	fputs("<summary>", out);
	report_html_badge(out, s->status);
	fputs("<span class=\"who\"><h2>", out);
	report_html_name(out, s->name);
	fputs("</h2> <span class=\"title\">", out);
	report_text_html(out, s->title);
	fputs("</span></span>", out);
	if (s->status != RESULTS_SKIPPED) {
		fputs("<span class=\"outcome\">", out);
		report_text_html(out, s->outcome);
		fprintf(out, "</span><span class=\"num\">%s</span>",
		    report_html_size(html, text, s->safe_bytes));
		fprintf(out, "<span class=\"num\">%s</span>",
		    units_time(text, (double)s->duration_ns / 1e9));
	}
	fputs("</summary>\n", out);
}

void report_html_scenario(const struct html *html,
    const struct gnuplot_plot *plots, bool open)
{
	const struct results_scenario *s = html->scenario;
	const char *problem = report_words_or_empty(s->problem);
	FILE *out = html->out;

	fprintf(out, "<details class=\"scenario %s\"%s>\n",
	    report_words_status(s->status), open ? " open" : "");
	put_row(html);
	/* A link to the body opens the details, in browsers of today. */
	fprintf(out, "<div class=\"body\" id=\"s%zu\">\n", html->id);
	put_summary(out, s);
	if (*problem != '\0') {
		fprintf(out, "<p class=\"problem %s\">",
		    report_words_status(s->status));
		report_html_name(out, problem);
		fputs("</p>\n", out);
	}
	report_html_expectations(html, s->expectations, s->expectations_count);
	report_html_faults(html);
	put_facts(html);
	report_html_published(out, s);
	if (s->steps_count > 0)
		report_html_steps(html, plots);
	else if (s->status != RESULTS_SKIPPED && s->dumps_count == 1)
		report_html_dump(html, &s->dumps[0], &plots[0]);
	else if (s->status != RESULTS_SKIPPED)
		report_html_dumps(html, plots);
	report_html_drives(out, s);
	report_html_source(html);
	fputs("</div>\n</details>\n", out);
}

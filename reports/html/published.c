/*
 * published.c: published values as a table, and as a chart of their errors.
 *
 * The chart has a row for each value: its tolerance as a band around 0, and
 * the error of the simulated value as a mark.  It is made of HTML elements, so
 * that it fits every width, and needs no other program.
 */
#include "reports/html/impl.h"

#include <math.h>

#include "reports/published.h"
#include "reports/text.h"
#include "reports/words.h"

static void put_head(FILE *out)
{
	fputs("<div class=\"wide\"><table class=\"published\">\n<thead><tr>"
	      "<th scope=\"col\">Result</th><th scope=\"col\">Value</th>"
	      "<th scope=\"col\" class=\"num\">Published</th>"
	      "<th scope=\"col\" class=\"num\">Simulated</th>"
	      "<th scope=\"col\" class=\"num\">Error</th>"
	      "<th scope=\"col\" class=\"num\">Tolerance</th>"
	      "<th scope=\"col\">Kind</th>"
	      "</tr></thead>\n<tbody>\n",
	    out);
}

static const char *look(const struct results_published *v)
{
	if (!report_published_is_right(v))
		return "failed";
	return v->verdict == RESULTS_MET ? "passed" : "known";
}

/* Writes the name of a value: that of its series, if any, and its point. */
static void put_name(FILE *out, const struct results_published *v)
{
	if (*report_words_or_empty(v->series) != '\0') {
		report_text_html(out, v->series);
		fputs(": ", out);
	}
	report_text_html(out, v->point);
}

/* Writes a row.  `id`: of the section of the scenario, to link to it; or 0. */
static void put_row(FILE *out, const struct results_published *v, size_t id)
{
	char text[UNITS_BYTES];

	fprintf(out,
	    "<tr class=\"%s\"><td class=\"mark\">%s</td>"
	    "<th scope=\"row\">",
	    look(v), report_published_words(v));
	if (id > 0)
		fprintf(out, "<a href=\"#s%zu\">", id);
	put_name(out, v);
	fprintf(out, "%s<br><small>%s. ", id > 0 ? "</a>" : "", v->metric);
	report_text_html(out, v->source);
	fputs("</small>", out);
	report_html_known(out, v->known);
	fputs("</th>", out);
	report_html_cell(out, "num", report_published_value(text, v));
	report_html_cell(out, "num", report_published_simulated(text, v));
	report_html_cell(out, "num", report_published_error_text(text, v));
	report_html_cell(out, "num", report_published_tolerance(text, v));
	report_html_cell(out, "", v->kind);
	fputs("</tr>\n", out);
}

void report_html_published(FILE *out, const struct results_scenario *s)
{
	if (s->published_count == 0)
		return;
	fputs("<h3>Published values</h3>\n", out);
	put_head(out);
	for (size_t i = 0; i < s->published_count; i++)
		put_row(out, &s->published[i], 0);
	fputs("</tbody>\n</table></div>\n", out);
}

/*
 * Returns the end of the axis of errors: all errors fit that are compared with a
 * tolerance, and are not absurd.
 */
static double span_of(const struct results *results)
{
	static const double spans[] = { 0.2, 0.5 };
	double most = 0;

	for (size_t i = 0; i < results->count; i++) {
		const struct results_scenario *s = results->scenarios[i];

		for (size_t j = 0; j < s->published_count; j++)
			if (!s->published[j].order)
				most = fmax(most,
				    fabs(report_published_error(&s->published
								     [j])));
	}
	for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++)
		if (most <= spans[i])
			return spans[i];
	return 1;
}

/* Returns the place of an error on the axis, in percent of its length. */
static double place(double error, double span)
{
	return 50 + 50 * fmax(-1, fmin(1, error / span));
}

static void put_bar(FILE *out, const struct results_published *v, double span)
{
	double error = report_published_error(v);
	char text[UNITS_BYTES];

	if (isnan(error))
		return;
	fputs("<span class=\"name\">", out);
	put_name(out, v);
	fputs("</span><span class=\"axis\">", out);
	if (!v->order)
		fprintf(out,
		    "<i class=\"band\" style=\"left:%.2f%%;right:%.2f%%\"></i>",
		    place(-v->tolerance, span),
		    100 - place(v->tolerance, span));
	fprintf(out,
	    "<i class=\"dot %s\" style=\"left:%.2f%%\"></i></span>"
	    "<span class=\"num\">%s</span>\n",
	    v->verdict == RESULTS_MET          ? "met"
		: report_published_is_right(v) ? "known"
					       : "unmet",
	    place(error, span), report_published_error_text(text, v));
}

static void put_chart(FILE *out, const struct results *results)
{
	struct report_published_at at, *last = NULL;
	const struct results_published *v;
	double span = span_of(results);

	fprintf(out,
	    "<figure>\n<p class=\"key\"><i class=\"band\"></i> tolerance "
	    "<i class=\"dot met\"></i> met <i class=\"dot known\"></i> not "
	    "met, as known <i class=\"dot unmet\"></i> not met</p>\n"
	    "<div class=\"errors\"><span class=\"name\"></span><span class=\"scale\">"
	    "<span>-%.0f %%</span><span>published</span><span>+%.0f %%</span>"
	    "</span><span></span>\n",
	    100 * span, 100 * span);
	for (; (v = report_published_next(results, last, &at)) != NULL;
	     last = &at)
		put_bar(out, v, span);
	fputs("</div>\n<figcaption>Error of each simulated value, as a share "
	      "of the published one; a mark at the end of its axis may lie "
	      "beyond it. Of values without a tolerance only the order is "
	      "compared. Data: <a href=\"published.tsv\">published.tsv</a>"
	      "</figcaption>\n</figure>\n",
	    out);
}

/* Returns whether most scenarios are run for the sake of published values. */
static bool are_most_published(const struct results *results)
{
	size_t count = 0;

	for (size_t i = 0; i < results->count; i++)
		count += results->scenarios[i]->published_count > 0;
	return 2 * count > results->count;
}

void report_html_published_all(FILE *out, const struct results *results)
{
	struct report_published_tally tally = report_published_count(results);
	struct report_published_at at, *last = NULL;
	const struct results_published *v;

	if (tally.compared + tally.by_construction + tally.not_compared == 0)
		return;
	fprintf(out,
	    "<section aria-labelledby=\"published\">\n"
	    "<h2 id=\"published\">Published values</h2>\n"
	    "<p>%zu of %zu values are met; %zu are not met, as known. %zu by "
	    "construction are not counted.</p>\n",
	    tally.met, tally.compared, tally.known, tally.by_construction);
	fprintf(out, "<details%s>\n<summary><h3>Values</h3></summary>\n",
	    are_most_published(results) ? " open" : "");
	put_chart(out, results);
	put_head(out);
	for (; (v = report_published_next(results, last, &at)) != NULL;
	     last = &at)
		put_row(out, v, at.scenario + 1);
	fputs("</tbody>\n</table></div>\n</details>\n</section>\n", out);
}

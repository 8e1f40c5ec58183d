/* compare.c: the differences from a baseline. */
#include "reports/html/compare.h"

#include <math.h>

#include "reports/html/impl.h"
#include "reports/text.h"
#include "reports/words.h"

enum { CASES_MAX = 400, DIFFERENCES_MAX = 12 };

static void put_tally(FILE *out, const struct comparison *c)
{
	fputs("<p class=\"counts\">", out);
	fprintf(out, "<span class=\"count %s\"><b>%zu</b> regression%s</span>",
	    c->regressions > 0 ? "failed" : "passed", c->regressions,
	    c->regressions == 1 ? "" : "s");
	for (int kind = COMPARISON_KINDS - 1; kind >= 0; kind--)
		if (c->kinds[kind] > 0)
			fprintf(out,
			    " <span class=\"count none\"><b>%zu</b> %s</span>",
			    c->kinds[kind],
			    comparison_words((enum comparison_kind)kind));
	fputs("</p>\n", out);
}

static void put_value(FILE *out, const char *text)
{
	text = report_words_or_empty(text);
	fputs("<td><code>", out);
	report_html_name(out, *text != '\0' ? text : "\xe2\x80\x93");
	fputs("</code></td>", out);
}

static void put_difference(FILE *out, const struct comparison_difference *d)
{
	fprintf(out, "<tr class=\"%s\"><td class=\"mark\">%s</td><td>",
	    d->regression ? "failed" : "same",
	    d->regression ? "\xe2\x9c\x97 regression" : "");
	report_text_html(out, comparison_words(d->kind));
	fputs("</td><th scope=\"row\">", out);
	if (*report_words_or_empty(d->dump) != '\0') {
		fputs("dump ", out);
		report_html_name(out, d->dump);
		fputs(": ", out);
	}
	report_html_name(out, d->what);
	fputs("</th>", out);
	put_value(out, d->before);
	put_value(out, d->after);
	if (isfinite(d->change))
		fprintf(out, "<td class=\"num\">%+.1f&#160;%%</td></tr>\n",
		    100 * d->change);
	else
		fputs("<td></td></tr>\n", out);
}

/* Returns the place of a scenario in the results, from 1; 0: not there. */
static size_t place_of(const struct results *results,
    const struct results_scenario *s)
{
	for (size_t i = 0; i < results->count; i++)
		if (results->scenarios[i] == s)
			return i + 1;
	return 0;
}

static void put_case(FILE *out, const struct comparison_case *c,
    const struct results *results)
{
	size_t id = place_of(results, c->after), rows = 0;

	fputs("<tr class=\"case\"><th scope=\"rowgroup\" colspan=\"6\">", out);
	if (id > 0)
		fprintf(out, "<a href=\"#s%zu\">", id);
	report_html_name(out, c->name);
	fprintf(out, "%s <small>%s</small></th></tr>\n", id > 0 ? "</a>" : "",
	    comparison_words(c->kind));
	/* Regressions are never left out for others. */
	for (int regression = 1; regression >= 0; regression--)
		for (size_t i = 0; i < c->count && rows < DIFFERENCES_MAX; i++)
			if (c->differences[i].regression == (regression == 1)) {
				put_difference(out, &c->differences[i]);
				rows++;
			}
	if (c->count > DIFFERENCES_MAX)
		fprintf(out, "<tr><td colspan=\"6\">%zu more</td></tr>\n",
		    c->count - DIFFERENCES_MAX);
}

/* Writes the cases of one sort.  `rows` counts the cases that were written. */
static void put_cases(FILE *out, const struct comparison *c,
    const struct results *results, bool regression, size_t *rows)
{
	for (int kind = COMPARISON_KINDS - 1; kind > COMPARISON_SAME; kind--)
		for (size_t i = 0; i < c->count && *rows < CASES_MAX; i++) {
			if ((int)c->cases[i].kind != kind ||
			    c->cases[i].regression != regression)
				continue;
			put_case(out, &c->cases[i], results);
			++*rows;
		}
}

void report_html_compare(FILE *out, const struct comparison *c,
    const struct results *results)
{
	size_t rows = 0, changed = c->count - c->kinds[COMPARISON_SAME];

	fputs("<section aria-labelledby=\"compare\">\n"
	      "<h2 id=\"compare\">Compared with the baseline</h2>\n",
	    out);
	put_tally(out, c);
	if (changed > 0) {
		fprintf(out,
		    "<details%s>\n<summary><h3>Differences <small>%zu"
		    "</small></h3></summary>\n"
		    "<div class=\"wide\"><table class=\"compare\">\n<thead><tr>"
		    "<th scope=\"col\">Result</th><th scope=\"col\">Kind</th>"
		    "<th scope=\"col\">What</th><th scope=\"col\">Before</th>"
		    "<th scope=\"col\">After</th>"
		    "<th scope=\"col\" class=\"num\">Change</th></tr></thead>\n"
		    "<tbody>\n",
		    c->regressions > 0 || changed <= 16 ? " open" : "",
		    changed);
		put_cases(out, c, results, true, &rows);
		put_cases(out, c, results, false, &rows);
		report_html_end_table(out);
	}
	if (rows < changed)
		fprintf(out, "<p class=\"quiet\">%zu more cases differ.</p>\n",
		    changed - rows);
	fputs("</section>\n", out);
}

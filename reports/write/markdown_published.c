/* markdown_published.c: published values as a table of Markdown. */
#include "reports/write/markdown.h"

#include "reports/published.h"
#include "reports/text.h"
#include "reports/words.h"

static void put_row(FILE *out, const struct results_published *v, bool series)
{
	char text[UNITS_BYTES];
	const char *loud = report_published_is_right(v) ? "" : "**";

	fputs("| ", out);
	if (series) {
		report_text_markdown(out, v->series);
		fputs(" | ", out);
	}
	report_text_markdown(out, v->point);
	fputs(" | ", out);
	report_text_markdown(out, v->metric);
	fprintf(out, " | %s", report_published_value(text, v));
	fprintf(out, " | %s", report_published_simulated(text, v));
	fprintf(out, " | %s", report_published_error_text(text, v));
	fprintf(out, " | %s", report_published_tolerance(text, v));
	fprintf(out, " | %s%s%s", loud, report_published_words(v), loud);
	if (*report_words_or_empty(v->known) != '\0') {
		fputs(" (", out);
		report_text_markdown(out, v->known);
		fputs(")", out);
	}
	fprintf(out, " | %s | ", v->kind);
	report_text_markdown(out, v->source);
	fputs(" |\n", out);
}

static void put_head(FILE *out, bool series)
{
	fprintf(out,
	    "| %spoint | metric | published | simulated | error | tolerance | "
	    "result | kind | source |\n"
	    "| %s--- | --- | ---: | ---: | ---: | ---: | --- | --- | --- |\n",
	    series ? "series | " : "", series ? "--- | " : "");
}

void report_markdown_published(FILE *out, const struct results_scenario *s)
{
	if (s->published_count == 0)
		return;
	fputs("### Published values\n\n", out);
	put_head(out, false);
	for (size_t i = 0; i < s->published_count; i++)
		put_row(out, &s->published[i], false);
	fputc('\n', out);
}

void report_markdown_published_all(FILE *out, const struct results *results)
{
	struct report_published_tally tally = report_published_count(results);
	struct report_published_at at, *last = NULL;
	const struct results_published *v;

	if (tally.compared + tally.by_construction + tally.not_compared == 0)
		return;
	fprintf(out,
	    "## Published values\n\n"
	    "%zu of %zu values are met; %zu are not met, as known. %zu by "
	    "construction are not counted.\n\n",
	    tally.met, tally.compared, tally.known, tally.by_construction);
	put_head(out, true);
	for (; (v = report_published_next(results, last, &at)) != NULL;
	     last = &at)
		put_row(out, v, true);
	fputc('\n', out);
}

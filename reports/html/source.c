/*
 * source.c: the scenario as it is written.
 *
 * Lines with an expectation that is not met, and lines of faults, are marked
 * with the result.  Scenarios of one file show it once.
 */
#include "reports/html/impl.h"

#include <inttypes.h>
#include <string.h>

#include "reports/text.h"
#include "reports/words.h"

enum { LINES_MAX = 600, LINE_BYTES = 2048 };

/* Returns whether the line of an expectation is in the scenario's own file. */
static bool is_in(const struct results_expectation *e, int line)
{
	return e->line == line && *report_words_or_empty(e->file) == '\0';
}

static void put_remark_of(FILE *out, const struct results_expectation *e)
{
	if (results_expectation_is_met(e))
		return;
	fputs(" <em>\xe2\x86\x90 actual: ", out);
	report_html_actual(out, e);
	fputs("</em>", out);
}

/* Writes what the results say of a line. */
static void put_remarks(const struct html *html, int line)
{
	const struct results_scenario *s = html->scenario;
	FILE *out = html->out;

	for (size_t i = 0; i < s->expectations_count; i++)
		if (is_in(&s->expectations[i], line))
			put_remark_of(out, &s->expectations[i]);
	for (size_t i = 0; i < s->steps_count; i++)
		for (size_t j = 0; j < s->steps[i].expectations_count; j++)
			if (is_in(&s->steps[i].expectations[j], line))
				put_remark_of(out,
				    &s->steps[i].expectations[j]);
	for (size_t i = 0; i < s->faults_count; i++)
		if (s->faults[i].line == line)
			fprintf(out,
			    " <em>\xe2\x86\x90 F%zu struck %" PRIu64
			    "&#160;time%s</em>",
			    i + 1, s->faults[i].strikes,
			    s->faults[i].strikes == 1 ? "" : "s");
}

/* Returns whether an expectation or a fault is in a line; `*bad`: not met. */
static bool is_named(const struct results_scenario *s, int line, bool *bad)
{
	bool named = false;

	*bad = false;
	for (size_t i = 0; i < s->expectations_count; i++)
		if (is_in(&s->expectations[i], line)) {
			named = true;
			*bad |=
			    !results_expectation_is_met(&s->expectations[i]);
		}
	for (size_t i = 0; i < s->steps_count; i++)
		for (size_t j = 0; j < s->steps[i].expectations_count; j++) {
			const struct results_expectation *e =
			    &s->steps[i].expectations[j];

			if (!is_in(e, line))
				continue;
			named = true;
			*bad |= !results_expectation_is_met(e);
		}
	for (size_t i = 0; i < s->faults_count; i++)
		if (s->faults[i].line == line) {
			named = true;
			*bad |= !results_fault_is_right(&s->faults[i]);
		}
	return named;
}

static void put_line(const struct html *html, const char *text, size_t length,
    int line)
{
	char copy[LINE_BYTES];
	bool bad, named = is_named(html->scenario, line, &bad);

	if (length > 0 && text[length - 1] == '\r')
		length--;
	snprintf(copy, sizeof copy, "%.*s", (int)length, text);
	if (named)
		fprintf(html->out, "<span id=\"s%zu-%d\"%s>", html->id, line,
		    bad ? " class=\"bad\"" : "");
	else
		fputs("<span>", html->out);
	report_text_html(html->out, copy);
	put_remarks(html, line);
	fputs("\n</span>", html->out);
}

/* Returns the place of an earlier scenario of the same file, from 1, or 0. */
static size_t shown_by(const struct html *html)
{
	for (size_t i = 0; i + 1 < html->id; i++) {
		const struct results_scenario *s = html->results->scenarios[i];

		if (s->text != NULL &&
		    strcmp(s->text, html->scenario->text) == 0 &&
		    s->status == html->scenario->status)
			return i + 1;
	}
	return 0;
}

void report_html_source(const struct html *html)
{
	const char *text = report_words_or_empty(html->scenario->text);
	FILE *out = html->out;
	size_t other;

	if (*text == '\0')
		return;
	other = html->scenario->status == RESULTS_FAILED ? 0 : shown_by(html);
	if (other > 0) {
		fprintf(out,
		    "<p class=\"note\">The file is shown with "
		    "<a href=\"#s%zu\">",
		    other);
		report_html_name(out,
		    html->results->scenarios[other - 1]->name);
		fputs("</a>.</p>\n", out);
		return;
	}
	fprintf(out,
	    "<details class=\"source\"%s>\n<summary><h3>Scenario "
	    "<small>",
	    html->scenario->status == RESULTS_FAILED ? " open" : "");
	report_html_name(out, html->scenario->file);
	fputs("</small></h3></summary>\n<pre>", out);
	for (int line = 1; *text != '\0' && line <= LINES_MAX; line++) {
		size_t length = strcspn(text, "\n");

		put_line(html, text, length, line);
		text += length + (text[length] == '\n');
	}
	fputs(*text != '\0' ? "<em>\xe2\x80\xa6</em>\n" : "", out);
	fputs("</pre>\n</details>\n", out);
}

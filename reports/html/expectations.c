/* expectations.c: what was expected of a scenario, and what came out. */
#include "reports/html/impl.h"

#include <string.h>

#include "reports/text.h"
#include "reports/words.h"

enum {
	REASONS_MAX = 4,   /* of a failed scenario, at the top of the page */
	LONG_CHARS = 160,  /* a longer value is shortened */
	CONTEXT_WORDS = 3, /* that are shown before and after a difference */
	WORD_BYTES = 128
};

/* A value as words, which are separated by spaces. */
struct words {
	const char *at;
	char word[WORD_BYTES];
};

/* Reads the next word, or a part of a long one.  Returns false at the end. */
static bool next_word(struct words *w)
{
	size_t length;

	w->at += strspn(w->at, " ");
	length = strcspn(w->at, " ");
	if (length == 0)
		return false;
	if (length >= WORD_BYTES)
		length = WORD_BYTES - 1;
	memcpy(w->word, w->at, length);
	w->word[length] = '\0';
	w->at += length;
	return true;
}

/* Returns the number of the first word that differs, from 0. */
static size_t first_difference(const char *expected, const char *actual)
{
	struct words a = { .at = expected }, b = { .at = actual };
	size_t number = 0;

	while (next_word(&a) && next_word(&b) && strcmp(a.word, b.word) == 0)
		number++;
	return number;
}

/* Writes a value with word `marked` marked, and without those far from it. */
static void put_words(FILE *out, const char *text, size_t marked, bool shorten)
{
	struct words w = { .at = text };
	bool left_out = false;

	for (size_t i = 0; next_word(&w); i++) {
		if (shorten && i > 0 &&
		    (i + CONTEXT_WORDS < marked ||
			i > marked + CONTEXT_WORDS)) {
			if (!left_out)
				fputs(" \xe2\x80\xa6", out);
			left_out = true;
			continue;
		}
		left_out = false;
		fputs(i > 0 ? " " : "", out);
		fputs(i == marked ? "<mark>" : "", out);
		report_html_name(out, w.word);
		fputs(i == marked ? "</mark>" : "", out);
	}
}

/* Returns the value that an expectation compares with, after "==". */
static const char *expected_value(const struct results_expectation *e)
{
	const char *text = report_words_or_empty(e->text);
	const char *at = strstr(text, "==");

	return at != NULL ? at + 2 + strspn(at + 2, " ") : "";
}

void report_html_actual(FILE *out, const struct results_expectation *e)
{
	const char *actual = report_words_or_empty(e->actual);
	const char *expected = expected_value(e);
	bool is_list = strchr(actual, ' ') != NULL && strchr(actual, ':');

	if (*expected == '\0' || !is_list || e->passed)
		report_html_shortened(out, actual);
	else
		put_words(out, actual, first_difference(expected, actual),
		    report_text_chars(actual) > LONG_CHARS);
}

/* Writes what is expected; a long list is closed at first. */
static void put_expected(FILE *out, const struct results_expectation *e)
{
	const char *text = report_words_or_empty(e->text);

	if (report_text_chars(text) <= LONG_CHARS) {
		fputs("<code>", out);
		report_html_name(out, text);
		fputs("</code>", out);
		return;
	}
	fprintf(out, "<details class=\"long\"><summary><code>%.*s</code> ",
	    (int)strcspn(text, " "), text);
	fprintf(out, "<small>%zu characters</small></summary><code>",
	    report_text_chars(text));
	report_html_shortened(out, text);
	fputs("</code></details>", out);
}

static void put_row(const struct html *html,
    const struct results_expectation *e)
{
	bool met = results_expectation_is_met(e);
	FILE *out = html->out;

	fprintf(out,
	    "<tr class=\"%s\"><td class=\"mark\">%s&#160;%s</td>"
	    "<th scope=\"row\">",
	    met ? "passed" : "failed", met ? "\xe2\x9c\x93" : "\xe2\x9c\x97",
	    report_words_expectation(e));
	put_expected(out, e);
	report_html_known(out, e->known);
	fputs("</th><td>", out);
	if (e->passed && report_text_chars(e->actual) > LONG_CHARS) {
		fputs("the same", out);
	} else {
		fputs("<code>", out);
		report_html_actual(out, e);
		fputs("</code>", out);
	}
	fputs("</td><td class=\"num\">", out);
	report_html_line(html, e->file, e->line);
	fputs("</td></tr>\n", out);
}

void report_html_expectations(const struct html *html,
    const struct results_expectation *expectations, size_t count)
{
	FILE *out = html->out;

	if (count == 0)
		return;
	fputs("<h3>Expectations</h3>\n"
	      "<div class=\"wide\"><table>\n<thead><tr>"
	      "<th scope=\"col\">Result</th><th scope=\"col\">Expected</th>"
	      "<th scope=\"col\">Actual</th>"
	      "<th scope=\"col\" class=\"num\">Line</th>"
	      "</tr></thead>\n<tbody>\n",
	    out);
	for (int met = 0; met < 2; met++)
		for (size_t i = 0; i < count; i++)
			if (results_expectation_is_met(&expectations[i]) ==
			    (met == 1))
				put_row(html, &expectations[i]);
	fputs("</tbody>\n</table></div>\n", out);
}

/* Writes the expectations that are not met.  Returns their number. */
static size_t put_unmet(FILE *out, const struct results_expectation *e,
    size_t count, size_t written)
{
	for (size_t i = 0; i < count; i++) {
		if (results_expectation_is_met(&e[i]))
			continue;
		if (written++ >= REASONS_MAX)
			continue;
		fputs("<br><code>", out);
		report_html_name(out,
		    report_text_chars(e[i].text) > LONG_CHARS ? "attempts"
							      : e[i].text);
		fputs("</code> but actual: <code>", out);
		report_html_actual(out, &e[i]);
		fputs("</code> <small>", out);
		report_html_name(out, e[i].file);
		fprintf(out, " line&#160;%d</small>", e[i].line);
	}
	return written;
}

void report_html_failure(FILE *out, const struct results_scenario *s)
{
	size_t written = 0;

	if (*report_words_or_empty(s->problem) != '\0') {
		fputs("<br>", out);
		report_html_name(out, s->problem);
	}
	written = put_unmet(out, s->expectations, s->expectations_count, 0);
	for (size_t i = 0; i < s->steps_count; i++)
		written = put_unmet(out, s->steps[i].expectations,
		    s->steps[i].expectations_count, written);
	if (written > REASONS_MAX)
		fprintf(out, "<br>and %zu more", written - REASONS_MAX);
}

/* parts.c: cells, badges and names. */
#include "reports/html/impl.h"

#include <string.h>

#include "reports/text.h"
#include "reports/words.h"

enum {
	ROWS_OPEN = 16, /* a longer table is closed at first */
	SHORTENED_BYTES = 2000
};

/* Returns whether a size was surely written in decimal units: 18 TB. */
static bool is_decimal(uint64_t bytes)
{
	return bytes > 0 && bytes % 1000000 == 0 && bytes % (1 << 20) != 0;
}

bool report_html_is_decimal(const struct results_scenario *s)
{
	for (size_t i = 0; i < s->dumps_count; i++)
		for (size_t j = 0; j < s->dumps[i].volumes_count; j++)
			if (is_decimal(s->dumps[i].volumes[j].capacity_bytes))
				return true;
	return is_decimal(s->safe_bytes);
}

char *report_html_size(const struct html *html, char buf[UNITS_BYTES],
    uint64_t bytes)
{
	return html->decimal ? units_size_decimal(buf, bytes)
			     : units_size(buf, bytes);
}

void report_html_name(FILE *out, const char *text)
{
	static const char breaks[] = "/_-=,;|";
	char piece[256];

	text = report_words_or_empty(text);
	while (*text != '\0') {
		size_t length = strcspn(text, breaks);

		length += strspn(text + length, breaks);
		if (length >= sizeof piece) {
			report_text_html(out, text);
			return;
		}
		memcpy(piece, text, length);
		piece[length] = '\0';
		report_text_html(out, piece);
		text += length;
		if (*text != '\0')
			fputs("<wbr>", out);
	}
}

void report_html_shortened(FILE *out, const char *text)
{
	char beginning[SHORTENED_BYTES];

	text = report_words_or_empty(text);
	if (strlen(text) < sizeof beginning) {
		report_html_name(out, text);
		return;
	}
	memcpy(beginning, text, sizeof beginning - 1);
	beginning[sizeof beginning - 1] = '\0';
	/* Not within a word, or a character of UTF-8. */
	if (strrchr(beginning, ' ') != NULL)
		*strrchr(beginning, ' ') = '\0';
	report_html_name(out, beginning);
	fprintf(out,
	    " \xe2\x80\xa6 <small>%zu characters are in "
	    "results.json</small>",
	    report_text_chars(text));
}

void report_html_badge(FILE *out, enum results_status status)
{
	const char *word = report_words_status(status);

	fprintf(out, "<span class=\"badge %s\">%s</span>", word, word);
}

void report_html_known(FILE *out, const char *known)
{
	if (*report_words_or_empty(known) == '\0')
		return;
	fputs("<br><small class=\"known\">Known: ", out);
	report_text_html(out, known);
	fputs("</small>", out);
}

void report_html_cell(FILE *out, const char *look, const char *text)
{
	if (*look != '\0')
		fprintf(out, "<td class=\"%s\">", look);
	else
		fputs("<td>", out);
	report_text_html(out, text);
	fputs("</td>", out);
}

void report_html_line(const struct html *html, const char *file, int line)
{
	FILE *out = html->out;

	if (*report_words_or_empty(file) != '\0') {
		report_html_name(out, file);
		fprintf(out, ":%d", line);
	} else if (*report_words_or_empty(html->scenario->text) != '\0') {
		fprintf(out, "<a href=\"#s%zu-%d\">%d</a>", html->id, line,
		    line);
	} else {
		fprintf(out, "%d", line);
	}
}

void report_html_size_cell(const struct html *html, uint64_t bytes)
{
	char text[UNITS_BYTES], exact[UNITS_BYTES];

	fprintf(html->out, "<td class=\"num\" title=\"%s\">%s</td>",
	    units_size_grouped(exact, bytes),
	    report_html_size(html, text, bytes));
}

void report_html_begin_table(FILE *out, const char *what, size_t rows,
    const char *heads)
{
	fprintf(out,
	    "<details%s>\n<summary><h3>%s <small>%zu</small></h3>"
	    "</summary>\n<div class=\"wide\"><table>\n<thead><tr>%s</tr>"
	    "</thead>\n<tbody>\n",
	    rows <= ROWS_OPEN ? " open" : "", what, rows, heads);
}

void report_html_end_table(FILE *out)
{
	fputs("</tbody>\n</table></div>\n</details>\n", out);
}

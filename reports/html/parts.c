/* parts.c: cells and badges of tables. */
#include "reports/html/impl.h"

#include "reports/text.h"
#include "reports/units.h"
#include "reports/words.h"

enum { ROWS_OPEN = 16 }; /* a longer table is closed at first */

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

void report_html_size_cells(FILE *out, uint64_t bytes)
{
	char text[UNITS_BYTES];

	report_html_cell(out, "num", units_size(text, bytes));
	fprintf(out, "<td class=\"num\"><small>%s</small></td>",
	    units_size_grouped(text, bytes));
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

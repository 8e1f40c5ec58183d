/* doc_html.c: an answer as HTML; doc.h. */
#include <string.h>

#include "reports/text.h"
#include "sim/tune/answer/doc.h"

/* A longer text in a cell has several lines, and some width of its own. */
enum { LONG_CELL = 24 };

/* What is open: an element that later blocks continue. */
enum open { NOTHING, LIST, TABLE };

static void close_open(enum open *open, FILE *out)
{
	if (*open == LIST)
		fputs("</ul>\n", out);
	if (*open == TABLE)
		fputs("</tbody></table></div>\n", out);
	*open = NOTHING;
}

static void put_element(FILE *out, const char *begin, const char *text,
    const char *end)
{
	fputs(begin, out);
	report_text_html(out, text);
	fputs(end, out);
}

static void put_row(const struct tune_block *b, FILE *out)
{
	fputs("<tr>", out);
	for (size_t i = 0; i < b->count; i++) {
		if (i == 0)
			put_element(out, "<th scope=\"row\">", b->cells[i],
			    "</th>");
		else
			put_element(out,
			    strlen(b->cells[i]) > LONG_CELL
				? "<td class=\"why\">"
				: "<td>",
			    b->cells[i], "</td>");
	}
	fputs("</tr>\n", out);
}

static void put_header(const struct tune_block *b, FILE *out)
{
	fputs("<div class=\"wide\"><table class=\"answer\">\n<thead><tr>", out);
	for (size_t i = 0; i < b->count; i++)
		put_element(out, "<th scope=\"col\">", b->cells[i], "</th>");
	fputs("</tr></thead>\n<tbody>\n", out);
}

static void put_plot(const struct tune_block *b, FILE *out)
{
	fputs("<figure><a class=\"plot\" href=\"", out);
	report_text_url(out, b->cells[0]);
	fputs("\"><img src=\"", out);
	report_text_url(out, b->cells[0]);
	fputs("\" alt=\"", out);
	report_text_html(out, b->cells[1]);
	put_element(out, "\"></a><figcaption>", b->cells[1],
	    "</figcaption></figure>\n");
}

/* report_text_html() makes a blank of a newline. */
static void put_code(const char *text, FILE *out)
{
	char line[512];

	fputs("<pre class=\"wide\"><code>", out);
	while (*text != '\0') {
		size_t bytes = strcspn(text, "\n");

		snprintf(line, sizeof line, "%.*s", (int)bytes, text);
		report_text_html(out, line);
		text += bytes;
		if (*text == '\n' && *++text != '\0')
			fputc('\n', out);
	}
	fputs("</code></pre>\n", out);
}

static void put_block(const struct tune_block *b, enum open *open, FILE *out)
{
	enum open wanted = b->kind == TUNE_DOC_ITEM ? LIST
	    : b->kind == TUNE_DOC_ROW               ? TABLE
						    : NOTHING;

	if (*open != wanted)
		close_open(open, out);
	switch (b->kind) {
	case TUNE_DOC_HEADING:
		break;
	case TUNE_DOC_TEXT:
		put_element(out, "<p>", b->cells[0], "</p>\n");
		break;
	case TUNE_DOC_STRONG:
		put_element(out, "<p class=\"note\"><b>", b->cells[0],
		    "</b></p>\n");
		break;
	case TUNE_DOC_ITEM:
		if (*open != LIST)
			fputs("<ul>\n", out);
		put_element(out, "<li>", b->cells[0], "</li>\n");
		*open = LIST;
		break;
	case TUNE_DOC_HEADER:
		put_header(b, out);
		*open = TABLE;
		break;
	case TUNE_DOC_ROW:
		put_row(b, out);
		break;
	case TUNE_DOC_CODE:
		put_code(b->cells[0], out);
		break;
	case TUNE_DOC_PLOT:
		put_plot(b, out);
		break;
	}
}

void tune_doc_html(const struct tune_doc *doc, FILE *out)
{
	enum open open = NOTHING;
	bool section = false;

	for (size_t i = 0; i < doc->count; i++) {
		const struct tune_block *b = &doc->blocks[i];

		if (b->count == 0)
			continue;
		if (b->kind == TUNE_DOC_HEADING || !section) {
			close_open(&open, out);
			fprintf(out, "%s<section>\n",
			    section ? "</section>\n" : "");
			section = true;
		}
		if (b->kind == TUNE_DOC_HEADING)
			put_element(out, "<h2>", b->cells[0], "</h2>\n");
		else
			put_block(b, &open, out);
	}
	close_open(&open, out);
	if (section)
		fputs("</section>\n", out);
}

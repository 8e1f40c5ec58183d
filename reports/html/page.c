/* page.c: see page.h. */
#include "reports/html/page.h"

#include "reports/html/impl.h"
#include "reports/text.h"

void report_html_page_begin(FILE *out, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" "
	      "content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n"
	      "<title>",
	    out);
	report_text_html(out, title);
	/* The browser requests no icon if the page has an empty one. */
	fputs("</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n", out);
	fputs(report_html_style, out);
	fputs("</style>\n</head>\n<body>\n", out);
}

void report_html_page_end(FILE *out)
{
	fputs("</body>\n</html>\n", out);
}

/* page.h: the frame of a page in the style of the reports. */
#ifndef REPORTS_HTML_PAGE_H
#define REPORTS_HTML_PAGE_H

#include <stdio.h>

/*
 * Writes the head of a page up to <body>, with the style sheet.  The owner of
 * the stream checks its errors.
 */
void report_html_page_begin(FILE *out, const char *title);

/* Writes the end of the page. */
void report_html_page_end(FILE *out);

#endif

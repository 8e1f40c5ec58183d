/*
 * text.h: escapes text of users for each format.
 *
 * A title, a barcode or a message may have any bytes.  The output is always
 * valid UTF-8: U+FFFD replaces a byte that is not UTF-8, and a control
 * character that the format cannot express.  NULL means "".  The owner of the
 * stream checks its errors.
 */
#ifndef REPORTS_TEXT_H
#define REPORTS_TEXT_H

#include <stddef.h>
#include <stdio.h>

/*
 * Writes a text for HTML: in an element, or in an attribute in double quotes.
 */
void report_text_html(FILE *out, const char *text);

/* Writes a text for a line or a table cell of Markdown (CommonMark, GFM). */
void report_text_markdown(FILE *out, const char *text);

/*
 * Writes a text as code in Markdown; as text if Markdown cannot express it as
 * code.
 */
void report_text_markdown_code(FILE *out, const char *text);

/*
 * Writes a description of TAP: "#", which begins a directive, and backslash are
 * escaped.
 */
void report_text_tap(FILE *out, const char *text);

/* Writes a string of JSON, which is one of YAML too, in double quotes. */
void report_text_json(FILE *out, const char *text);

/*
 * Writes the message of a workflow command of GitHub, or one of its properties,
 * in which colons and commas are escaped too.  Newlines stay newlines.
 */
void report_text_command(FILE *out, const char *text);
void report_text_property(FILE *out, const char *text);

/* Writes a field of a TSV file: tab, newline and backslash become \t \n \\. */
void report_text_tsv(FILE *out, const char *text);

/*
 * Writes a gnuplot string in single quotes, in which gnuplot expands nothing.
 * The string is on one line, and is cut to `chars_max` characters (0: not cut).
 */
void report_text_gnuplot(FILE *out, const char *text, size_t chars_max);

/*
 * Writes a relative path as a relative URL: escapes all bytes except slashes.
 */
void report_text_url(FILE *out, const char *path);

/*
 * Returns the text with U+FFFD for bytes that are not UTF-8.  The caller frees
 * it.  NULL if memory is short.
 */
char *report_text_utf8(const char *text);

/* Returns the number of characters of the text as these functions write it. */
size_t report_text_chars(const char *text);

#endif

/*
 * text.h: words of others, made harmless for each format.
 *
 * A title, a barcode or an error's text may hold any bytes.  What comes out
 * is always valid UTF-8: U+FFFD stands for a byte that is not, and for a
 * control character that the format has no way to write.  NULL is taken as "".
 * Errors of the stream are left to its owner.
 */
#ifndef REPORTS_TEXT_H
#define REPORTS_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* For HTML: in an element or in an attribute within double quotes. */
void report_text_html(FILE *out, const char *text);

/* For a line or a table's cell of Markdown (CommonMark, GFM). */
void report_text_markdown(FILE *out, const char *text);

/* The same as code, where Markdown can say so; else as text. */
void report_text_markdown_code(FILE *out, const char *text);

/* For a field of a TSV file: tab, newline and backslash become \t \n \\. */
void report_text_tsv(FILE *out, const char *text);

/*
 * As a string of gnuplot in single quotes, in which nothing is expanded; on
 * one line, and cut to `chars_max` characters (0: not cut).
 */
void report_text_gnuplot(FILE *out, const char *text, size_t chars_max);

/* A relative path as a relative URL: slashes stay, other bytes are safe. */
void report_text_url(FILE *out, const char *path);

/*
 * The text as it is, but for what is not UTF-8; to be freed by the caller.
 * NULL if there is no memory.
 */
char *report_text_utf8(const char *text);

/* How many characters the text has, as the functions above would write it. */
size_t report_text_chars(const char *text);

#endif

/*
 * text.h: shows text that a user wrote in messages.
 *
 * The text is quoted, on one line and not too long.  A message can suggest the
 * most similar valid word.
 */
#ifndef SPLITTER_TEXT_H
#define SPLITTER_TEXT_H

#include <stddef.h>

enum { TEXT_QUOTE_BYTES = 160 };

struct text_quote {
	char text[TEXT_QUOTE_BYTES];
};

/*
 * Writes `text` in double quotes.  Control characters become \xNN, a quote or
 * a backslash gets a backslash before it, and a long text is cut between UTF-8
 * characters and ends with "...".  Returns `quote->text`.
 */
const char *text_quote(struct text_quote *quote, const char *text);

/*
 * Returns the word of `words` (which end with NULL) that is most similar to
 * `text`; upper and lower case are equal.  NULL if more than a third of the
 * letters differ.
 */
const char *text_nearest(const char *text, const char *const *words);

/*
 * Appends a suggestion to the message in `buf`: "; did you mean "size"?" if a
 * word is similar, else "; use one of a, b, c".
 */
void text_suggest(char *buf, size_t buf_bytes, const char *text,
    const char *const *words);

/*
 * Copies a message to `buf` without the first occurrence of `folder` and the
 * slash after it: the name of a temporary folder does not help the reader.
 */
void text_without(const char *message, const char *folder, char *buf,
    size_t buf_bytes);

#endif

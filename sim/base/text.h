/*
 * words.h: a person's words in messages.
 *
 * What somebody wrote is shown quoted, on one line and not too long, with the
 * nearest valid word beside it where one is near.
 */
#ifndef SIM_TEXT_H
#define SIM_TEXT_H

#include <stddef.h>

enum { TEXT_QUOTE_BYTES = 160 };

struct text_quote {
	char text[TEXT_QUOTE_BYTES];
};

/*
 * Puts `text` in double quotes: control characters as \xNN, a quote or
 * backslash behind a backslash, and cut with "..." (between UTF-8 characters)
 * where it is long.  Returns `quote->text`.
 */
const char *text_quote(struct text_quote *quote, const char *text);

/*
 * The word of `words` (ended by NULL) that is nearest to `text`, letters' case
 * ignored, or NULL where none is near: at most a third of the letters wrong.
 */
const char *text_nearest(const char *text, const char *const *words);

/*
 * Appends to the message in `buf` what can be said in favour of a valid word:
 * "; did you mean "size"?" where one is near, else "; use one of a, b, c".
 */
void text_suggest(char *buf, size_t buf_bytes, const char *text,
    const char *const *words);

/*
 * Copies a message into `buf`, and leaves out the first place where it names
 * this folder, with the slash behind it: a temporary folder says nothing.
 */
void text_without(const char *message, const char *folder, char *buf,
    size_t buf_bytes);

#endif

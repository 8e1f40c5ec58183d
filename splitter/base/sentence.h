/*
 * sentence.h: messages for a person, in a buffer that may be too small.
 */
#ifndef SPLITTER_SENTENCE_H
#define SPLITTER_SENTENCE_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Like snprintf(), but a text that is too long is cut after a whole word and
 * ends with "...".  With less than 4 bytes there is no "...", and with 0
 * nothing is written.
 */
void sentence(char *buf, size_t bytes, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void sentence_v(char *buf, size_t bytes, const char *format, va_list ap)
    __attribute__((format(printf, 3, 0)));

/*
 * Adds to the text in `buf`, after `separator` if there is a text already.
 * A text that is too long is cut as by sentence().
 */
void sentence_add(char *buf, size_t bytes, const char *separator,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif

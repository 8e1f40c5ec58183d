/*
 * sentence.h: a message for a person, in a buffer that may be too short.
 */
#ifndef SPLITTER_SENTENCE_H
#define SPLITTER_SENTENCE_H

#include <stdarg.h>
#include <stddef.h>

/*
 * As snprintf(), but what there is no room for is cut behind a whole word, and
 * "..." stands for it.  `bytes` is at least 4.
 */
void sentence(char *buf, size_t bytes, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void sentence_v(char *buf, size_t bytes, const char *format, va_list ap)
    __attribute__((format(printf, 3, 0)));

#endif

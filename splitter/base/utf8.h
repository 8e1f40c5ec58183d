/* utf8.h: characters of more than one byte. */
#ifndef SPLITTER_UTF8_H
#define SPLITTER_UTF8_H

#include <stdbool.h>

/*
 * Returns whether a byte (10xxxxxx) continues the character of the byte before
 * it.
 */
static inline bool utf8_continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

#endif

/* hex.h: bytes as lower-case hexadecimal digits, two each. */
#ifndef SPLITTER_HEX_H
#define SPLITTER_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Writes 2 * `count` digits and the terminating zero. */
static inline void hex_write(char *text, const void *bytes, size_t count)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *byte = (const unsigned char *)bytes;

	for (; count > 0; count--, byte++) {
		*text++ = digits[*byte >> 4];
		*text++ = digits[*byte & 15];
	}
	*text = '\0';
}

/*
 * Returns whether exactly the first `count` characters of a string are digits.
 */
static inline bool hex_is(const char *text, size_t count)
{
	return strspn(text, "0123456789abcdef") == count;
}

/* Returns the value of a digit that hex_is() accepted. */
static inline unsigned hex_digit(char digit)
{
	return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

#endif

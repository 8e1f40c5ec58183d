/*
 * suite_number.h: a number that a person sets for a suite, such as its first
 * seed.  The tests of any room may include this file.
 */
#ifndef SPLITTER_TESTS_SUITE_NUMBER_H
#define SPLITTER_TESTS_SUITE_NUMBER_H

#include <stdint.h>
#include <stdlib.h>

/* Returns the number in a variable of the environment, or `otherwise`. */
static inline uint64_t suite_number(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);

	return text == NULL ? otherwise : strtoull(text, NULL, 0);
}

#endif

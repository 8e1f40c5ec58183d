/*
 * scenario_text.h: a scenario read from a text, for tests.
 */
#ifndef SIM_TESTS_SCENARIO_TEXT_H
#define SIM_TESTS_SCENARIO_TEXT_H

#include <stddef.h>

#include "sim/scenario/scenario.h"

enum { SCENARIO_TEXT_ERRORS = 16384 };

struct scenario_text {
	struct scenario *scenario;         /* NULL if there were errors */
	char errors[SCENARIO_TEXT_ERRORS]; /* "line:column: message\n" */
	size_t errors_count;
};

/*
 * Writes the text to a temporary file and reads it; the path is removed from
 * the messages.
 */
void scenario_text_read(struct scenario_text *result, const void *text,
    size_t bytes);

/* Like scenario_text_read(), with overrides. */
void scenario_text_read_with(struct scenario_text *result, const void *text,
    size_t bytes, const struct scenario_overrides *overrides);

/*
 * Checks that reading this scenario gives exactly these errors, each with its
 * newline.
 */
void scenario_text_says(const char *text, const char *errors);

/* Frees the contents of the result. */
void scenario_text_clear(struct scenario_text *result);

#endif

/*
 * scenario_text.h: a scenario read from a text, for tests.
 */
#ifndef SIM_TESTS_SCENARIO_TEXT_H
#define SIM_TESTS_SCENARIO_TEXT_H

#include <stddef.h>

#include "sim/scenario/scenario.h"

enum { SCENARIO_TEXT_ERRORS = 16384 };

struct scenario_text {
	struct scenario *scenario;         /* NULL where there were errors */
	char errors[SCENARIO_TEXT_ERRORS]; /* "line:column: message\n" */
	size_t errors_count;
};

/*
 * Writes the text to a file of its own and reads that; the file's path is taken
 * off the messages.
 */
void scenario_text_read(struct scenario_text *result, const void *text,
    size_t bytes);

/* Of this scenario exactly these errors are said, each with its newline. */
void scenario_text_says(const char *text, const char *errors);

/* Frees what the result holds. */
void scenario_text_clear(struct scenario_text *result);

#endif

/*
 * print.h: what a verb prints on standard output.
 *
 * What was printed must have been written, or it is no success of a verb whose
 * purpose it was; the status of one that has done something else tells of
 * that, and the message of what was not written.
 */
#ifndef SIM_PRINT_H
#define SIM_PRINT_H

#include <jansson.h>
#include <stdbool.h>

/*
 * A text of others as a JSON string: U+FFFD stands for what is not UTF-8.
 * NULL if there is no memory.
 */
json_t *print_text(const char *text);

/*
 * Prints it, with a newline, and frees it.  -1 if there was no memory for it,
 * which NULL says too; that it could not be written is for print_end().
 */
int print_json(json_t *json);

/*
 * Prints a text of others on one line, behind `before`: '?' stands for control
 * characters, which a terminal would obey.
 */
void print_line(const char *before, const char *text);

/*
 * Nothing more is printed: closes standard output.  False if not all of it was
 * written, which is told on standard error the first time.
 */
bool print_end(void);

#endif

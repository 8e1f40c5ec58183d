/*
 * print.h: the output of a command on standard output.
 *
 * A command whose purpose is its output has failed if the output could not be
 * written.  A command that has done something else keeps its exit status, and
 * the missing output is reported.  This is decided in one place, at the end of
 * the program.
 */
#ifndef SIM_PRINT_H
#define SIM_PRINT_H

#include <jansson.h>
#include <stdbool.h>

/*
 * A JSON string of foreign text; U+FFFD replaces invalid UTF-8.  NULL without
 * memory.
 */
json_t *print_text(const char *text);

/*
 * Prints `json` and a newline, and frees it.  -1 without memory, also for NULL.
 * A failed write is found at the end of the program.
 */
int print_json(json_t *json);

/*
 * Prints `before` and a foreign text on one line.  '?' replaces control
 * characters, which a terminal would interpret.
 */
void print_line(const char *before, const char *text);

/*
 * Has standard output checked when the program ends.  If part of it could not
 * be written, that is reported on standard error, and the exit status 0 becomes
 * the one of print_unwritten(), or 2 if it was not called.
 */
void print_begin(void);

/*
 * Sets the exit status for a command that succeeded, but whose output could not
 * be written: CMD_OK if it did something else that counts.  The first call
 * counts.
 */
void print_unwritten(int status);

#endif

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
 * Returns a JSON string with text from outside; U+FFFD replaces invalid UTF-8.
 * NULL without memory.
 */
json_t *print_text(const char *text);

/*
 * Prints `json` and a newline, and frees `json`.  Returns 0, or -1 without
 * memory or if `json` is NULL.  A failed write is found at the end of the
 * program.
 */
int print_json(json_t *json);

/*
 * Prints a text from outside, as a part of a line.  '?' replaces control
 * characters, which a terminal would interpret.
 */
void print_clean(const char *text);

/* Prints `before` and a text as of print_clean() on one line. */
void print_line(const char *before, const char *text);

/*
 * Makes the program check standard output when it ends.  If part of the output
 * could not be written, the program prints an error, and replaces exit status 0
 * by the status of print_unwritten(), or by 2 if that was not called.
 */
void print_begin(void);

/*
 * Sets the exit status for a command that succeeded, but whose output could not
 * be written.  CMD_OK: the command did something else that counts.  Only the
 * first call has an effect.
 */
void print_unwritten(int status);

#endif

/* terminal.h: the person at the terminal. */
#ifndef SIM_COMMAND_TERMINAL_H
#define SIM_COMMAND_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Reads a line from the terminal, without its end.  Returns false at the end of
 * input, or after an interrupt.
 */
bool terminal_read_line(int fd, char *line, size_t bytes);

/*
 * Asks a question on the terminal.  Returns true if the person types yes; false
 * also without a terminal.
 */
bool terminal_agrees(const char *question);

/*
 * Asks on the terminal whether the volume in the drive may be overwritten.
 * Returns true if the person agrees.
 */
bool terminal_confirms(const char *name);

#endif

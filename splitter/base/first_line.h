/* first_line.h: what a file of /proc, /sys or /etc says in one line. */
#ifndef SPLITTER_FIRST_LINE_H
#define SPLITTER_FIRST_LINE_H

#include <stddef.h>

/*
 * Reads the first line of a file, without its end, and what does not fit.  ""
 * if the file cannot be read, or is empty.  `bytes` > 0.
 */
void first_line_read(const char *path, char *line, size_t bytes);

#endif

/*
 * named_file.h: opens output files that a user names.
 *
 * An existing file is overwritten.  A database is refused, because it may be a
 * volume, a library or a catalogue.  A tape drive or a disk is refused, too.
 */
#ifndef SIM_NAMED_FILE_H
#define SIM_NAMED_FILE_H

#include <stdio.h>

/*
 * Opens the file `path` for writing, and creates it if it does not exist.  The
 * old content stays until named_file_empty().  Returns NULL with the reason in
 * `err`; the reason does not contain the name of the file.  The file may be a
 * FIFO; a signal ends the wait for its reader.
 */
FILE *named_file_open(const char *path, char *err, size_t err_bytes);

/* Removes the old content.  Does nothing for a pipe or a terminal. */
void named_file_empty(FILE *file);

/*
 * Returns why the file at `path` must not be overwritten, without the name of
 * the file.  NULL if the file can be overwritten.
 */
const char *named_file_objection(const char *path);

#endif

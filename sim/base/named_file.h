/*
 * named_file.h: files that a person names for tapelab to write to.
 *
 * An existing file is overwritten, as by any program.  A database is refused,
 * since it may be a volume with a dump on it, a library or a catalogue; so is
 * a tape drive.
 */
#ifndef SIM_NAMED_FILE_H
#define SIM_NAMED_FILE_H

#include <stdio.h>

/*
 * Opens the file `path` to be written to; it is made if it is not there, and
 * keeps what it has until named_file_empty().  NULL with the reason in `err`,
 * as the end of a sentence that names the file.  It may be a FIFO, and an
 * interrupt ends the waiting.
 */
FILE *named_file_open(const char *path, char *err, size_t err_bytes);

/* Empties it; a pipe or a terminal has nothing of before. */
void named_file_empty(FILE *file);

/*
 * Why what is at `path` may not be written over: as above; NULL if it may be.
 */
const char *named_file_objection(const char *path);

#endif

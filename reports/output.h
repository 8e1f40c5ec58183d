/*
 * output.h: writes a file completely or not at all.
 *
 * The text is collected in memory, written to a temporary file next to its
 * place, and renamed to it:
 *
 *     report_output_open --> fprintf(output.text, ...) --+--> _commit
 *                                                        +--> _drop
 *
 * Invariants:
 *  1. Whatever fails, the old file or the complete new one is at its place.
 *  2.  After _commit (whatever it returns) and _drop nothing is open or
 *     allocated, and no temporary file is left.
 */
#ifndef REPORTS_OUTPUT_H
#define REPORTS_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

struct output {
	FILE *text; /* write here; _commit reports errors */
	char *bytes;
	size_t bytes_count;
};

/* Starts a text.  Returns 0, or -1 with a message. */
int report_output_open(struct output *output, char *err, size_t err_bytes);

/*
 * Writes the text to the file `name` in the existing folder `dir`.  Returns 0,
 * or -1 with a message that names the file.
 */
int report_output_commit(struct output *output, const char *dir,
    const char *name, char *err, size_t err_bytes);

/* Discards the text. */
void report_output_drop(struct output *output);

/*
 * Makes the folder, and those above it, if they are missing.  Returns 0, or -1
 * with a message.
 */
int report_output_folder(const char *path, char *err, size_t err_bytes);

/*
 * Returns "dir/name", which the caller frees, or NULL with a message if memory
 * is short.
 */
char *report_output_path(const char *dir, const char *name, char *err,
    size_t err_bytes);

/* Returns the text of a file, which the caller frees, or NULL. */
char *report_output_read(const char *path);

#endif

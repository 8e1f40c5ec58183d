/*
 * output.h: files that are there as a whole or not at all.
 *
 * A file's text is put together in memory, written beside its place, and
 * renamed into it:
 *
 *     report_output_open --> fprintf(output.text, ...) --+--> _commit
 *                                                        +--> _drop
 *
 * Invariants:
 *  1. Whatever fails, at the file's place is what was there before, or the
 *     whole of what was to be written.
 *  2. After _commit (whatever it returns) and _drop nothing is left open or
 *     allocated, and nothing lies beside the file.
 */
#ifndef REPORTS_OUTPUT_H
#define REPORTS_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

struct output {
	FILE *text; /* write here; errors show at the commit */
	char *bytes;
	size_t bytes_count;
};

/* Begins a text.  Returns 0, or -1 with a message. */
int report_output_open(struct output *output, char *err, size_t err_bytes);

/*
 * Makes the text the file `name` in the folder `dir`, which must be there.
 * Returns 0, or -1 with a message that names the file.
 */
int report_output_commit(struct output *output, const char *dir,
    const char *name, char *err, size_t err_bytes);

/* Forgets the text. */
void report_output_drop(struct output *output);

/*
 * Makes the folder and those above it, as far as they are missing.  Returns 0,
 * or -1 with a message.
 */
int report_output_folder(const char *path, char *err, size_t err_bytes);

/*
 * "dir/name", to be freed by the caller, or NULL with a message if there is no
 * memory for it.
 */
char *report_output_path(const char *dir, const char *name, char *err,
    size_t err_bytes);

#endif

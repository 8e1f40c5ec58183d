/* report_scratch.h: a temporary folder for tests of the reports. */
#ifndef REPORTS_TESTS_REPORT_SCRATCH_H
#define REPORTS_TESTS_REPORT_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

enum { SCRATCH_PATH_BYTES = 512 };

/* Creates a new folder in TMPDIR or /tmp and stores its path in `dir`. */
void report_scratch_make(char dir[SCRATCH_PATH_BYTES]);

/* Removes the folder with all its files. */
void report_scratch_remove(const char *dir);

/*
 * Returns the contents of the file dir/name, ended by an extra NUL; the caller
 * frees them.  NULL if there is no such file.
 */
char *report_scratch_read(const char *dir, const char *name, size_t *bytes);

/* Writes `text` to the file dir/name, with the permissions of a program. */
void report_scratch_write(const char *dir, const char *name, const char *text);

bool report_scratch_exists(const char *dir, const char *name);

/* Returns whether the file dir/name, which must exist, contains `text`. */
bool report_scratch_has(const char *dir, const char *name, const char *text);

/* Returns the number of files in `dir` whose name ends like this. */
size_t report_scratch_count(const char *dir, const char *ending);

#endif

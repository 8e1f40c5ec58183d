/* report_scratch.h: a folder for a test of the reports, and what lies in it. */
#ifndef REPORTS_TESTS_REPORT_SCRATCH_H
#define REPORTS_TESTS_REPORT_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

enum { SCRATCH_PATH_BYTES = 512 };

/* Makes a new folder below TMPDIR or /tmp and puts its path into `dir`. */
void report_scratch_make(char dir[SCRATCH_PATH_BYTES]);

/* Removes the folder with all that is in it. */
void report_scratch_remove(const char *dir);

/*
 * What the file dir/name holds, ended by a NUL that does not count; to be
 * freed.  NULL if there is no such file.
 */
char *report_scratch_read(const char *dir, const char *name, size_t *bytes);

/* Makes the file dir/name hold `text`, with the permissions of a program. */
void report_scratch_write(const char *dir, const char *name, const char *text);

bool report_scratch_exists(const char *dir, const char *name);

/* Whether the file dir/name, which must be there, holds `text`. */
bool report_scratch_has(const char *dir, const char *name, const char *text);

/* How many files below `dir` have a name that ends so. */
size_t report_scratch_count(const char *dir, const char *ending);

#endif

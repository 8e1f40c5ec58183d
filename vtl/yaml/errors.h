/*
 * errors.h: collects the errors of one file and of the files that it includes,
 * and reports them in order.
 *
 * Invariants:
 *  1. Errors are reported by file, the first file before those that it
 *     includes, then by line, then by column, then in the order in which they
 *     were added.
 *  2. A message is one line, whatever the file holds.
 *  3. At most YAML_ERRORS_MAX errors are kept; the number of the others is
 *     reported last.
 */
#ifndef VTL_YAML_ERRORS_H
#define VTL_YAML_ERRORS_H

#include <stddef.h>

enum { YAML_ERRORS_MAX = 1000, YAML_ERROR_BYTES = 512 };

struct yaml_error {
	char *file;       /* path of an included file; NULL: the first file */
	int line, column; /* from 1; line 0: the file as a whole */
	size_t order;
	char *message;
};

/* The errors of a file; must be all zeros at first. */
struct yaml_errors {
	struct yaml_error *items;
	size_t kept;
	size_t count; /* number of added errors */
	/*
	 * The path of the included file that is being read, to which errors
	 * belong; not owned.  NULL: the first file.
	 */
	const char *file;
};

/* Adds an error at a place of the file. */
void yaml_errors_add(struct yaml_errors *errors, int line, int column,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Calls `report` with "path:line:column: message" for each, in order.  `path` is
 * that of the first file.
 */
void yaml_errors_report(struct yaml_errors *errors, const char *path,
    void (*report)(void *arg, const char *message), void *arg);

/* Frees what the errors own, not `errors` itself. */
void yaml_errors_clear(struct yaml_errors *errors);

#endif

/* folder.h: keeps the reports of a scenario in their folder. */
#ifndef REPORTS_FOLDER_H
#define REPORTS_FOLDER_H

#include <stddef.h>

/*
 * Checks that no component of the path of the scenario `name` below `dir` is a
 * symbolic link.  Returns 0, or -1 with a message.
 */
int report_check_links(const char *dir, const char *name, char *err,
    size_t err_bytes);

/* A file that tapelab writes, and how it begins. */
struct report_sign {
	const char *name;
	const char *begins;
};

enum { REPORT_SIGN_BYTES = 32 }; /* more than any beginning */

/*
 * Checks that none of the files `names` is in the folder `place`, unless the
 * folder `dir` has one of the files `signs`: tapelab wrote there before.  Both
 * lists end with NULL.  Returns 0, or -1 with a message.
 */
int report_check_files(const char *dir, const char *place,
    const struct report_sign *signs, const char *const *names, char *err,
    size_t err_bytes);

#endif

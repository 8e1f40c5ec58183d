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

#endif

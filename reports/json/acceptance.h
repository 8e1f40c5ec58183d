/*
 * acceptance.h: the record of an acceptance run as a file, acceptance.json; see
 * tapelab-acceptance(7).
 */
#ifndef REPORTS_JSON_ACCEPTANCE_H
#define REPORTS_JSON_ACCEPTANCE_H

#include "reports/acceptance.h"

/*
 * Writes the file into the existing folder `dir`, completely or not at all.
 * Returns 0, or -1 with a message.
 */
int report_acceptance_write(const struct acceptance *record, const char *dir,
    char *err, size_t err_bytes);

/*
 * Reads the file of a folder.  Returns 0, and the caller clears the record; 1 if
 * there is no such file; -1 with a message that says where it is damaged.
 */
int report_acceptance_read(const char *dir, struct acceptance *record,
    char *err, size_t err_bytes);

/* The same for a run that is only looked at: `remedy` ends the message. */
int report_acceptance_look(const char *dir, const char *remedy,
    struct acceptance *record, char *err, size_t err_bytes);

#endif

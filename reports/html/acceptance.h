/* acceptance.h: the record of an acceptance run on paper. */
#ifndef REPORTS_HTML_ACCEPTANCE_H
#define REPORTS_HTML_ACCEPTANCE_H

#include "reports/acceptance.h"

/*
 * Writes acceptance.html into the folder `dir`: sheets for A4 or letter paper,
 * in black and white, each with the serial number of the drive and its number.
 * What, How and Against what are two sheets, unless there are very many values.
 * The page has no script and needs no other file.  Returns 0, or -1 with a
 * message.
 */
int report_html_acceptance(const struct acceptance *record, const char *dir,
    char *err, size_t err_bytes);

#endif

/* json.h: the results as JSON. */
#ifndef REPORTS_JSON_H
#define REPORTS_JSON_H

#include <stddef.h>

#include "reports/results.h"

/*
 * Writes results.json into the folder `dir`.  The same records give the same
 * bytes: keys have a fixed order, reals twelve digits.  A number above
 * INT64_MAX, which no seed is, is written as a real.  Returns 0, or -1 with a
 * message.
 */
int report_json_write(const struct results *results, const char *dir, char *err,
    size_t err_bytes);

#endif

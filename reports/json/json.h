/*
 * json.h: results.json, the results for programs; see tapelab-results(5).
 *
 * The keys, their order and their types are those of field.h.
 */
#ifndef REPORTS_JSON_H
#define REPORTS_JSON_H

#include <stddef.h>
#include <stdio.h>

#include "reports/results.h"

/*
 * Writes results.json into the folder `dir`.  Returns 0, or -1 with a message.
 */
int report_json_write(const struct results *results, const char *dir, char *err,
    size_t err_bytes);

/*
 * Reads a results.json, or that of a folder; a pipe will do.  Members
 * without a key (series, paths, the folders of dumps) are empty.  Returns 0, and
 * the caller frees the results; or -1 with a message that begins with the path
 * and says where the file is damaged, or which format it has.
 */
int report_json_read(const char *path, struct results *results, char *err,
    size_t err_bytes);

/* Prints the JSON Schema of results.json.  Returns 0, or -1 without memory. */
int report_json_schema(FILE *to);

#endif

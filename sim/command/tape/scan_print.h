/*
 * scan_print.h: prints the result of a scan to standard output.
 *
 * `good` is set if every dump is complete, as far as is known: no part is
 * missing or unproven, there is no note, and at least one volume and all
 * volumes were scanned.
 */
#ifndef SIM_SCAN_PRINT_H
#define SIM_SCAN_PRINT_H

#include "splitter/api/reader.h"

void scan_print_table(const struct splitter_scan *scan, bool *good);

/*
 * Prints the result as JSON.  Returns 0, or -1 without memory: then nothing was
 * printed.
 */
int scan_print_json(const struct splitter_scan *scan, bool *good);

#endif

/*
 * scan_print.h: what a scan has found, on standard output.
 *
 * `good` tells whether every dump is whole, as far as is known: no part is
 * missing or unproven, nothing on the volumes is other than it should be, and
 * every volume was scanned, and there is one.
 */
#ifndef SIM_SCAN_PRINT_H
#define SIM_SCAN_PRINT_H

#include "splitter/api/reader.h"

void scan_print_table(const struct splitter_scan *scan, bool *good);

/* Returns 0, or -1 if there is no memory: nothing was printed. */
int scan_print_json(const struct splitter_scan *scan, bool *good);

#endif

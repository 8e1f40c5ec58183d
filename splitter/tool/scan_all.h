/* scan_all.h: scans the volumes that a program names. */
#ifndef SPLITTER_TOOL_SCAN_ALL_H
#define SPLITTER_TOOL_SCAN_ALL_H

#include "splitter/api/reader.h"
#include "splitter/tool/tapes.h"

/*
 * Begins an empty scan of volumes of these tapes.  An interrupt stops the scan.
 * With `shown`, each volume that was read is printed to standard error, if that
 * is a terminal.  Returns NULL with a message if there is no memory.
 */
struct splitter_scan *scan_begin(struct tapes *tapes, bool shown, char *err,
    size_t err_bytes);

/*
 * Scans all volumes of these tapes.  A volume that could not be loaded, or must
 * stay where it is, is entered as NOT_SCANNED.  If no volume at all was read,
 * `err` has the reason; otherwise `err` is "".  Returns NULL with a message if
 * there is no memory, or after an interrupt, because a scan of only some
 * volumes proves nothing.
 */
struct splitter_scan *scan_all(struct tapes *tapes, bool shown, char *err,
    size_t err_bytes);

#endif

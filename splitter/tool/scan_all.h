/* scan_all.h: scans the volumes that a program names. */
#ifndef SPLITTER_TOOL_SCAN_ALL_H
#define SPLITTER_TOOL_SCAN_ALL_H

#include "splitter/api/reader.h"
#include "splitter/tool/tapes.h"

/*
 * An empty scan of volumes of these tapes.  An interrupt stops it.  With
 * `shown`, each volume that was read is printed to standard error, if that is a
 * terminal.  NULL with a message if there is no memory.
 */
struct splitter_scan *scan_begin(struct tapes *tapes, bool shown, char *err,
    size_t err_bytes);

/*
 * A scan of all volumes of these tapes.  A volume that could not be loaded, or
 * has to stay where it is, is entered as NOT_SCANNED.  If no volume at all was
 * read, `err` says why; otherwise it is "".  NULL with a message if there is no
 * memory, or after an interrupt: a scan of some volumes only proves nothing.
 */
struct splitter_scan *scan_all(struct tapes *tapes, bool shown, char *err,
    size_t err_bytes);

#endif

/*
 * impl.h: shared by the files that find the resume point of a dump.
 *
 *   point.c   combines the catalogue and the tapes
 *   scan.c    scans the volumes
 */
#ifndef SPLITTER_TOOL_RESUME_POINT_IMPL_H
#define SPLITTER_TOOL_RESUME_POINT_IMPL_H

#include "splitter/tool/resume/point.h"

/* Sets the message for a lack of memory; returns -1. */
int resume_point_no_memory(char *err, size_t err_bytes);

/*
 * Scans all volumes, and verifies the parts that are safe by the catalogue, if
 * the dump is `known` to it.  For a single drive these are the volumes that the
 * catalogue names; the scan then covers those without a part.  NULL with a
 * message if a part is missing, or at an interrupt.  `*unseen` with a message:
 * a volume with a part of the dump could not be scanned, and the scan may name
 * others.
 */
struct splitter_scan *resume_point_scan(struct resume_point *safe,
    const struct resume_point_where *where, bool known, bool *unseen, char *err,
    size_t err_bytes);

#endif

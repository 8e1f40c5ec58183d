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
 * Scans all volumes of the tapes.  If the catalogue has the dump (`known`),
 * also verifies the parts that the catalogue calls safe.  With a single drive,
 * the volumes are those that the catalogue names, and only the volumes without
 * a part are scanned.  Returns NULL with a message if a part is missing, or at
 * an interrupt.  Sets `*unseen`, with a message, if a volume with a part of the
 * dump could not be scanned; the scan may then show other such volumes.
 */
struct splitter_scan *resume_point_scan(struct resume_point *safe,
    const struct resume_point_where *where, bool known, bool *unseen, char *err,
    size_t err_bytes);

#endif

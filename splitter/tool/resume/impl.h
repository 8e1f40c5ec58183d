/*
 * safe_impl.h: what the files share that find out what is safe of a dump.
 *
 *   safe.c        what the catalogue and the tapes say, put together
 *   resume_point_scan.c   the volumes are looked at
 */
#ifndef SIM_RESUME_POINT_IMPL_H
#define SIM_RESUME_POINT_IMPL_H

#include "splitter/tool/resume/point.h"

/* Says that there is no memory; -1. */
int resume_point_no_memory(char *err, size_t err_bytes);

/*
 * Looks at all volumes: whether the parts are there that the catalogue, if the
 * dump is `known` to it, calls safe, and what else there is.  Of a drive alone
 * these are the volumes that the catalogue names; the scan then holds those
 * without a part.  NULL with a sentence if something is gone, or there was an
 * interrupt.  `*unseen` with a sentence: a volume with a part of the dump could
 * not be looked at, and the scan may name others.
 */
struct splitter_scan *resume_point_scan(struct resume_point *safe,
    const struct resume_point_where *where, bool known, bool *unseen, char *err,
    size_t err_bytes);

#endif

/*
 * spool.h: the part cache on a disk.
 *
 * One unlinked file in a folder of the caller's, used round and round: the
 * byte at an offset of the dump lies at that offset modulo the file's size.
 * What is not committed is never more than a part and a buffer, so that is the
 * most that the file takes; a limit makes it less.
 */
#ifndef SPLITTER_SPOOL_H
#define SPLITTER_SPOOL_H

#include "splitter/buffer/cache.h"
#include "splitter/core/core.h"

/* The most that a spool is ever given: a part, and what the buffer brings. */
uint64_t spool_need_bytes(const struct core_config *core);

/*
 * Makes a spool in the folder `dir`, for `bytes` at the most (> 0).  The first
 * byte that it takes is the one at `offset` of the dump: what is before that is
 * safe already.  NULL with a message if the file cannot be made.  It is freed
 * with ops->free.
 */
struct cache *spool_new(const char *dir, uint64_t offset, uint64_t bytes,
    char *err, size_t err_bytes);

#endif

/*
 * spool.h: the part cache on disk.
 *
 * One unlinked file in a folder of the caller, used as a ring: the byte at an
 * offset of the dump is at that offset modulo the size of the file.  At most a
 * part and a buffer are not committed, so this is the maximum size of the file;
 * a limit makes it smaller.
 */
#ifndef SPLITTER_SPOOL_H
#define SPLITTER_SPOOL_H

#include "splitter/buffer/cache.h"
#include "splitter/core/core.h"

/*
 * Returns the maximum size that a spool needs: a part and the bytes of the
 * buffer.
 */
uint64_t spool_need_bytes(const struct core_config *core);

/*
 * Creates a spool in the folder `dir`, for at most `bytes` (> 0).  The spool
 * begins at `offset` of the dump; the bytes before `offset` are safe already.
 * Returns NULL with a message if the file cannot be created.  Free the spool
 * with ops->free.
 */
struct cache *spool_new(const char *dir, uint64_t offset, uint64_t bytes,
    char *err, size_t err_bytes);

#endif

/*
 * slices.h: the part cache that the caller already has: files of a holding
 * disk, which contain the dump in pieces.
 *
 * Slices are announced in order, each before its data is pushed; any length and
 * any alignment is allowed.  A file is opened only when a retry needs it.  Its
 * bytes are compared with those of the first attempt (replay.h), so a changed
 * file is detected.
 */
#ifndef SPLITTER_SLICES_H
#define SPLITTER_SLICES_H

#include "splitter/buffer/cache.h"

/*
 * Creates the cache.  The first slice begins at `offset` of the dump; the bytes
 * before `offset` are safe already.  Returns NULL with a message if there is no
 * memory.
 */
struct cache *slices_new(uint64_t offset, char *err, size_t err_bytes);

/*
 * Announces that the next `bytes` of the dump are in the file `name`, from
 * `file_offset` on.  Returns the end of the announced slices as an offset of
 * the dump; 0 if there is no memory.  The caller may announce while other
 * threads read and forget.
 */
uint64_t slices_announce(struct cache *slices, const char *name,
    uint64_t file_offset, uint64_t bytes);

#endif

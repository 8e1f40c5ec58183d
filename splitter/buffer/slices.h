/*
 * slices.h: the part cache that the caller has already: files of a holding
 * disk, which hold the dump in pieces.
 *
 * Slices are announced in order, each before the data it describes is pushed;
 * any lengths, any alignment.  A file is opened when a retry needs it, and not
 * before.  What it gives back is compared with what was written the first
 * time (replay.h), so a file that changed is found.
 */
#ifndef SPLITTER_SLICES_H
#define SPLITTER_SLICES_H

#include "splitter/buffer/cache.h"

/*
 * The first slice is to begin at `offset` of the dump: what is before it is
 * safe already.  NULL with a message if there is no memory.
 */
struct cache *slices_new(uint64_t offset, char *err, size_t err_bytes);

/*
 * The next `bytes` of the dump are in the file `name`, from `file_offset` on.
 * Returns the end of what is announced, an offset of the dump; 0 if there is
 * no memory.  May be called while others read and forget.
 */
uint64_t slices_announce(struct cache *slices, const char *name,
    uint64_t file_offset, uint64_t bytes);

#endif

/*
 * foreign.h: which program wrote what is on a volume, by its first block.
 *
 * A volume that is not of tapelab is never written to unasked.  Whoever has to
 * decide about it is told what it holds.
 */
#ifndef SPLITTER_FOREIGN_H
#define SPLITTER_FOREIGN_H

#include <stddef.h>

/*
 * What begins with this block: "a tar archive"; NULL if it is not recognised.
 * Nothing in the block is trusted.
 */
const char *foreign_name(const void *block, size_t bytes);

/*
 * The block is no header that can be used, and `why` says so.  If it is none of
 * tapelab at all, not even a damaged one, `why` becomes what foreign_name()
 * says, or "data of an unknown program".
 */
void foreign_say(const void *block, size_t bytes, char *why, size_t why_bytes);

#endif

/*
 * foreign.h: which program wrote a volume, by its first block.
 *
 * A volume that is not of tapelab is never overwritten unless a person says so.
 * These names help that person to decide.
 */
#ifndef SPLITTER_FOREIGN_H
#define SPLITTER_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Returns what begins with this block, such as "a tar archive"; NULL if the
 * block is not recognised.  Nothing in the block is trusted.
 */
const char *foreign_name(const void *block, size_t bytes);

/*
 * Returns whether this is the first block of an LTFS volume, which has two
 * partitions.  Both begin with it.
 */
bool foreign_is_ltfs(const void *block, size_t bytes);

/*
 * Call for a block that is not a valid header; `why` has the reason.  If the
 * block is not even a damaged block of tapelab, replaces `why` by the
 * foreign_name() or "data of an unknown program".
 */
void foreign_describe(const void *block, size_t bytes, char *why,
    size_t why_bytes);

#endif

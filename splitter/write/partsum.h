/*
 * partsum.h: the checksums of a part and of the dump up to it, to which two
 * threads contribute.
 *
 * The writer sums the blocks that a tape takes.  By then they may have gone
 * from the cache of the processor that brought them, and fetching them into
 * that of another costs more than the sums.  So the producer's thread goes on
 * with the sums as it brings bytes, where it knows what they were before them,
 * and keeps what they were behind them; the writer takes over the last that
 * are not too far, and sums the rest itself.
 *
 * Invariants:
 *  1. The sums are those of the bytes of the attempt, whoever summed them:
 *     what is kept counts only for the attempt that it is of.
 *  2. Whoever brings bytes waits for no more than the sums of one block.
 *
 * Threads: partsum_ahead by the one that brings the bytes, the others by the
 * one that writes them.
 */
#ifndef SPLITTER_PARTSUM_H
#define SPLITTER_PARTSUM_H

#include <stdbool.h>

#include "splitter/format/sum.h"

struct partsum;

/*
 * Of a dump in blocks of this size, and, where it is wanted, of the dump as a
 * whole: `whole` (NULL: of nothing) is the sum of what of it was written
 * before, and stays the caller's.  NULL if there is no memory.
 */
struct partsum *partsum_new(uint64_t block_bytes, bool wants_whole,
    const struct sum *whole);

/* An attempt begins at this offset of the dump: behind what is committed. */
void partsum_begin(struct partsum *p, uint64_t offset);

/* Takes over what was summed ahead of the writer, but not behind `end`. */
void partsum_catch_up(struct partsum *p, uint64_t end);

/*
 * The tape has taken the bytes at `offset`, which follow those before; those
 * that were taken over are passed by.  A block, for invariant 2.
 */
void partsum_add(struct partsum *p, uint64_t offset, const void *data,
    uint64_t bytes);

/* The sum of the attempt so far, as sum_text. */
void partsum_text(const struct partsum *p, char text[SUM_TEXT_BYTES]);

/* The attempt is committed: the dump goes on behind it. */
void partsum_commit(struct partsum *p);

/* The sum of the dump, if wanted, as far as it is committed, as sum_text. */
void partsum_whole_text(const struct partsum *p, char text[SUM_TEXT_BYTES]);

/* The bytes at `offset` are about to be handed over. */
void partsum_ahead(struct partsum *p, uint64_t offset, const void *data,
    uint64_t bytes);

void partsum_free(struct partsum *p);

#endif

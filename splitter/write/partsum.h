/*
 * partsum.h: the checksums of a part and of the dump up to it, to which two
 * threads contribute.
 *
 * The writer hashes the blocks that a tape takes.  By then they may have left
 * the cache of the processor that brought them, and fetching them into another
 * one costs more than the hash.  So the producer's thread hashes the bytes as
 * it brings them, if it knows the checksums before them, and stores the
 * checksums after them.  The writer takes over the last ones that are not too
 * far ahead, and hashes the rest itself.
 *
 * Invariants:
 *  1. The checksums are those of the bytes of the attempt, whichever thread
 *     computes them: stored ones are used only for their own attempt.
 *  2. The thread that brings bytes waits at most for the hash of one block.
 *
 * Threads: partsum_ahead by the thread that brings the bytes, the others by the
 * one that writes them.
 */
#ifndef SPLITTER_PARTSUM_H
#define SPLITTER_PARTSUM_H

#include <stdbool.h>

#include "splitter/format/sum.h"

struct partsum;

/*
 * For a dump in blocks of this size and, on request, the checksum of the whole
 * dump: `whole` (NULL: of nothing) is the checksum of the bytes written before,
 * and still belongs to the caller.  NULL if there is no memory.
 */
struct partsum *partsum_new(uint64_t block_bytes, bool wants_whole,
    const struct sum *whole);

/* An attempt begins at this offset of the dump, which is the committed one. */
void partsum_begin(struct partsum *p, uint64_t offset);

/* Takes over checksums computed ahead of the writer, but not after `end`. */
void partsum_catch_up(struct partsum *p, uint64_t end);

/*
 * The tape has taken the bytes at `offset`, which follow those before; bytes
 * that were taken over are skipped.  One block, for invariant 2.
 */
void partsum_add(struct partsum *p, uint64_t offset, const void *data,
    uint64_t bytes);

/* The checksum of the attempt so far, as sum_text. */
void partsum_text(const struct partsum *p, char text[SUM_TEXT_BYTES]);

/* The attempt is committed: the dump continues after it. */
void partsum_commit(struct partsum *p);

/* The checksum of the committed dump, if requested, as sum_text. */
void partsum_whole_text(const struct partsum *p, char text[SUM_TEXT_BYTES]);

/* The bytes at `offset` are about to be committed to the buffer. */
void partsum_ahead(struct partsum *p, uint64_t offset, const void *data,
    uint64_t bytes);

void partsum_free(struct partsum *p);

#endif

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
 * Creates the checksums of a dump in blocks of this size.  `wants_whole`
 * requests the checksum of the whole dump as well; `whole` is then the checksum
 * of the bytes written before (NULL: no bytes), and still belongs to the
 * caller.  Returns NULL if there is no memory.
 */
struct partsum *partsum_new(uint64_t block_bytes, bool wants_whole,
    const struct sum *whole);

/*
 * Begins an attempt at this offset of the dump, which is the committed offset.
 */
void partsum_begin(struct partsum *p, uint64_t offset);

/*
 * Takes over checksums that the producer has computed ahead of the writer, up
 * to the offset `end`.
 */
void partsum_catch_up(struct partsum *p, uint64_t end);

/*
 * Adds the bytes at `offset`, which the tape has taken and which follow the
 * bytes before.  Bytes whose checksums were taken over are skipped.  For
 * invariant 2, the caller adds at most one block.
 */
void partsum_add(struct partsum *p, uint64_t offset, const void *data,
    uint64_t bytes);

/* Writes the checksum of the attempt so far, as sum_text(). */
void partsum_text(const struct partsum *p, char text[SUM_TEXT_BYTES]);

/* Commits the attempt; the dump continues after it. */
void partsum_commit(struct partsum *p);

/*
 * Writes the checksum of the committed dump, if it was requested, as
 * sum_text().
 */
void partsum_whole_text(const struct partsum *p, char text[SUM_TEXT_BYTES]);

/*
 * Hashes the bytes at `offset`, which are about to be committed to the buffer.
 */
void partsum_ahead(struct partsum *p, uint64_t offset, const void *data,
    uint64_t bytes);

void partsum_free(struct partsum *p);

#endif

/*
 * replay.h: whether a replay has the bytes of the first attempt.
 *
 * Keeps a checksum (XXH3, 64 bits) of each block that a tape has taken and that
 * is not committed.  A block that is written again is compared before it goes
 * on tape, so a cache that returns other bytes is detected before anything
 * wrong can be committed.  8 bytes per block of the part.
 */
#ifndef SPLITTER_REPLAY_H
#define SPLITTER_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct replay {
	uint64_t block_bytes;
	uint64_t from; /* offset of the block of the first stored checksum */
	uint64_t *sums;
	size_t count;
	bool blind; /* there was no memory for a checksum */
};

/*
 * Initialises the struct, without checksums; `block_bytes` > 0.  Allocates
 * nothing.
 */
void replay_init(struct replay *replay, uint64_t block_bytes);

/*
 * Compares blocks that will be written again with the stored checksums.
 * `offset` is a multiple of the block size.  Returns false if a checksum
 * differs, or was not stored because there was no memory.
 */
bool replay_same(const struct replay *replay, uint64_t offset, const void *data,
    uint64_t bytes);

/*
 * Stores the checksums of blocks that a tape has taken.  Checksums that are
 * already stored stay.
 */
void replay_note(struct replay *replay, uint64_t offset, const void *data,
    uint64_t bytes);

/* Forgets the checksums of the blocks before `offset`, which are committed. */
void replay_forget(struct replay *replay, uint64_t offset);

void replay_free(struct replay *replay);

#endif

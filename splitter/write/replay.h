/*
 * replay.h: whether a replay has the bytes that were written the first time.
 *
 * Keeps a checksum (XXH3, 64 bits) of each block that a tape has taken and
 * that is not committed.  A block that is to be written again is compared
 * before it goes on tape, so a cache that gives back other bytes is found
 * before anything wrong can be committed.  8 bytes a block of the part.
 */
#ifndef SPLITTER_REPLAY_H
#define SPLITTER_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct replay {
	uint64_t block_bytes;
	uint64_t from; /* offset of the first block that is kept */
	uint64_t *sums;
	size_t count;
	bool blind; /* there was no memory for one */
};

/* Begins with nothing kept; `block_bytes` > 0.  Allocates nothing. */
void replay_init(struct replay *replay, uint64_t block_bytes);

/*
 * Compares blocks that are to be written again, `offset` a multiple of the
 * block, with those that were noted.  False: one differs, or was not noted
 * for want of memory.
 */
bool replay_same(const struct replay *replay, uint64_t offset, const void *data,
    uint64_t bytes);

/* Notes blocks that a tape has taken; those already noted are passed over. */
void replay_note(struct replay *replay, uint64_t offset, const void *data,
    uint64_t bytes);

/* Forgets what lies before `offset`: it is committed. */
void replay_forget(struct replay *replay, uint64_t offset);

void replay_free(struct replay *replay);

#endif

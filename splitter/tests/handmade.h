/*
 * handmade.h: volumes that are written header by header, the well-made and the
 * hostile, for what reads them.
 *
 * One dump, "d" with the id 1, in blocks of HANDMADE_BLOCK; what is put goes
 * behind what was put last.
 */
#ifndef SPLITTER_TESTS_HANDMADE_H
#define SPLITTER_TESTS_HANDMADE_H

#include "splitter/format/header.h"
#include "splitter/tests/memtape.h"

enum { HANDMADE_BLOCK = TAPE_BLOCK_MIN_BYTES, HANDMADE_VOLUMES = 3 };

#define HANDMADE_SUM "0123456789abcdef0123456789abcdef"

struct handmade {
	struct memtape *tapes;
	struct tape *tape; /* that is being written */
	/* What headers say of sums, and records of the whole; "" : nothing. */
	const char *sum;
	const char *outcome; /* as records have it; NULL: DONE */
};

/* A library, and its first volume with a label; those that follow. */
void handmade_begin(struct handmade *m);
void handmade_volume(struct handmade *m);
void handmade_end(struct handmade *m);

/* A header of the dump, for the volume; as it is put on it. */
struct header handmade_head(const struct handmade *m, enum header_type type,
    uint64_t file);
void handmade_put(struct handmade *m, const struct header *h);

/* A header of a part, and so many blocks of zeros. */
void handmade_part(struct handmade *m, uint64_t number, uint64_t attempt,
    uint64_t offset, uint64_t file, uint64_t before_attempt,
    uint64_t before_bytes, uint64_t blocks);

/*
 * An end record of `count` parts of a block each, on the volume, from
 * file 1 on; the last is `more` bytes longer.  Only the first `blocks` of it.
 */
void handmade_record(struct handmade *m, size_t count, uint64_t more,
    uint64_t file, uint64_t blocks);

/* A filemark. */
void handmade_mark(struct handmade *m);

#endif

/*
 * handmade.h: valid and hostile volumes, written header by header, for tests of
 * readers.
 *
 * One dump, "d" with the id 1, in blocks of HANDMADE_BLOCK.  Each item is
 * written after the one before.
 */
#ifndef SPLITTER_TESTS_HANDMADE_H
#define SPLITTER_TESTS_HANDMADE_H

#include "splitter/format/header.h"
#include "splitter/tests/memtape/memtape.h"

enum { HANDMADE_BLOCK = TAPE_BLOCK_MIN_BYTES, HANDMADE_VOLUMES = 3 };

#define HANDMADE_SUM "0123456789abcdef0123456789abcdef"

struct handmade {
	struct memtape *tapes;
	struct tape *tape; /* the volume being written */
	/*
	 * The checksum in headers, and of the whole dump in records; "": no
	 * checksum.
	 */
	const char *sum;
	const char *outcome; /* outcome in end records; NULL: DONE */
};

/*
 * handmade_begin() creates a library and labels its first volume.
 * handmade_volume() loads and labels the next volume.  handmade_end() frees the
 * library.
 */
void handmade_begin(struct handmade *m);
void handmade_volume(struct handmade *m);
void handmade_end(struct handmade *m);

/* Fills in a header of the dump for the current volume; does not write it. */
struct header handmade_head(const struct handmade *m, enum header_type type,
    uint64_t file);
void handmade_put(struct handmade *m, const struct header *h);

/* Writes a header of a part and this number of blocks of zeros. */
void handmade_part(struct handmade *m, uint64_t number, uint64_t attempt,
    uint64_t offset, uint64_t file, uint64_t before_attempt,
    uint64_t before_bytes, uint64_t blocks);

/*
 * Writes the first `blocks` blocks of an end record of `count` parts.  Each
 * part has one block and is on the volume, from file 1 on; the last part is
 * `more` bytes longer.
 */
void handmade_record(struct handmade *m, size_t count, uint64_t more,
    uint64_t file, uint64_t blocks);

/* Writes a filemark. */
void handmade_mark(struct handmade *m);

#endif

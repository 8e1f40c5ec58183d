/*
 * cursor.h: a tape, the time, and what its last operation answered.
 *
 * Code that reads a tape passes the time of completion of each operation to the
 * next one, and looks at the result and at the block that was read.  A cursor
 * holds all of them.
 *
 * Invariants:
 *  1. `now_ns` never decreases.
 *  2. `result` is that of the last operation; `got` and the first `got.bytes`
 *     of `block` are those of the last block that was read.
 *
 * The tape, the room for a block and the clock are the caller's.  One thread at
 * a time uses a cursor.
 */
#ifndef SPLITTER_CURSOR_H
#define SPLITTER_CURSOR_H

#include "splitter/tape/watch.h"

struct cursor {
	struct tape *tape; /* NULL: no tape is loaded */
	int64_t now_ns;
	struct tape_result result;
	struct tape_block got;
	char *block; /* room for `room_bytes` */
	uint64_t room_bytes;
	/* If this clock is set, `now_ns` is read from it. */
	int64_t (*clock)(void *arg);
	void *clock_arg;
	/*
	 * Takes what drive and volume report.  cursor_load(), _load_next() and
	 * _unload() begin and end its watch of a volume; the errors since the
	 * load are then a warning too.  NULL: they are
	 * ignored.
	 */
	struct watch *watch;
};

/* Returns the size of the longest block that the drive can read. */
uint64_t cursor_block_max_bytes(const struct cursor *c);

/* Returns the position of the tape. */
struct tape_position cursor_position(const struct cursor *c);

/* The functions below return whether the result is TAPE_OK. */

/* Reads the next block into c->block. */
bool cursor_read(struct cursor *c);

/* Goes to the first block of a file (0: the label), to EOD, to BOT. */
bool cursor_locate(struct cursor *c, uint64_t file);
bool cursor_locate_eod(struct cursor *c);
bool cursor_rewind(struct cursor *c);

/* Writes a filemark, and waits until everything before it is on the medium. */
bool cursor_filemark(struct cursor *c);

/* Loads the volume with this barcode.  No volume may be loaded. */
bool cursor_load(struct cursor *c, struct tape_library *library,
    const char *barcode);

/*
 * Loads the next volume that the library hands out.  No volume may be loaded.
 */
bool cursor_load_next(struct cursor *c, struct tape_library *library);

/*
 * Gives back a volume that was only read.  Does nothing if no volume is loaded.
 */
void cursor_unload(struct cursor *c, struct tape_library *library);

#endif

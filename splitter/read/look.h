/*
 * look.h: which cartridge is in the drive, and what is at its beginning.
 *
 * Whoever writes to a volume looks first, and asks volume_policy.h.  Directly
 * before the first block is written, and before each later one that follows an
 * error, look_is_same_medium() must still hold: the cartridge may have been
 * exchanged meanwhile.
 */
#ifndef SPLITTER_LOOK_H
#define SPLITTER_LOOK_H

#include "splitter/format/first_block.h"
#include "splitter/format/volume_policy.h"
#include "splitter/tape/cursor.h"

struct look {
	/* For volume_policy_judge(); points into this struct. */
	struct volume_policy_volume volume;
	struct header header; /* VOLUME_POLICY_LABEL: the label */
	struct tape_identity identity;
	char why[TAPE_MESSAGE_BYTES]; /* why the first block is not a header */
};

/*
 * Looks at the loaded volume, whose tape is at BOT of partition 0: asks for the
 * identity, and reads the first block, also if it is longer than the room of
 * the cursor.  `barcode` belongs to the caller.  c->result is the result of the
 * read.  VOLUME_POLICY_ERROR: the drive failed, the tape was not at BOT, or
 * what the drive answered does not prove that the volume is blank.
 */
void look_at_volume(struct look *look, struct cursor *c, const char *barcode);

/*
 * Reads the first block of file `file`, at whose beginning the tape is, also if
 * the block is longer than the room of the cursor.  `header` and `why` as for
 * first_block_judge().
 */
enum first_block look_at_header(struct cursor *c, uint64_t file,
    struct header *header, char *why, size_t why_bytes);

/*
 * Returns whether the cartridge in the drive is the one with this identity:
 * serial number and partitions are the same, and the volume change reference
 * too, unless something was `written` since the load.  False: `why` says what
 * differs.
 */
bool look_is_same_medium(struct tape *tape,
    const struct tape_identity *identity, bool written, char *why,
    size_t why_bytes);

#endif

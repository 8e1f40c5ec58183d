/*
 * verify.h: whether parts of a dump are still where they were written.
 *
 * Another program may have overwritten a volume.  Whatever is written on a tape
 * ends the data after it.  So the last part of a volume that is still there
 * proves all parts before it on that volume.
 */
#ifndef SPLITTER_VERIFY_H
#define SPLITTER_VERIFY_H

#include "splitter/format/parts.h"
#include "splitter/format/volume_policy.h"
#include "splitter/tape/cursor.h"

/* Returns whether the header is that of the attempt that became the part. */
bool verify_is_part(const struct header *header, uint64_t dump_id,
    const struct part_row *row);

/*
 * Verifies one part on the loaded volume.  The file must begin with the header
 * of the part.  If the drive reports positions, the next file must begin where
 * the part ended when it was written.  c->block must have room for a block of
 * the dump.  Returns any state except SPLITTER_PARTS_STOPPED.  If the state is
 * SPLITTER_PARTS_UNREADABLE, c->result has the reason.
 */
enum splitter_parts_state verify_part(struct cursor *c,
    const struct part_row *row, uint64_t dump_id);

/* The state of the parts on one volume. */
struct verify_found {
	/* Index of the first part on it that is not present; or their count. */
	size_t first;
	enum splitter_parts_state state; /* state of part `first` */
	bool overwritten;                /* a part of it is */
};

/*
 * Verifies the parts on the volume that is loaded, from the last one backwards
 * until one is present.  A drive that cannot read at all is asked once: each
 * try may take long.
 */
void verify_volume(struct cursor *c, const struct parts *parts,
    const char *barcode, uint64_t dump_id, struct verify_found *found);

/*
 * Fills in the result of verify_volume() for a volume that has none of its
 * parts.
 */
void verify_nothing(const struct parts *parts, const char *barcode,
    enum splitter_parts_state state, struct verify_found *found);

struct verify_config {
	struct tape_library *library; /* its volumes are only read */
	const struct parts *parts;    /* each row has a volume and a file */
	uint64_t dump_id, block_bytes;
	/* Volumes that are not loaded: their parts count as present. */
	struct volume_policy_list assumed;
	/* Called before a volume is loaded; false: stop. */
	bool (*volume_begun)(void *arg, const char *volume);
	void *arg;
};

/*
 * Verifies all parts, volume by volume.  The volume of the last part comes
 * last, so that it is in a drive when the dump is resumed on it.  Ends at the
 * first volume whose parts are not all present: `*part` is then the index of
 * the first part that is not.  `err` has a sentence for
 * SPLITTER_PARTS_OVERWRITTEN and SPLITTER_PARTS_UNREADABLE.
 */
enum splitter_parts_state verify_parts(const struct verify_config *config,
    size_t *part, char *err, size_t err_bytes);

#endif

/*
 * mark.h: whether a volume still holds what was on it when it was
 * closed.
 *
 * A program that does not know of the locks, or a person who renames files, can
 * put something else in the place of a volume.  A mark tells the two apart: it
 * is made of the rows of all labels, headers and filemarks, and of the last
 * blocks of each file, with their checksums.
 */
#ifndef VTL_VOLUME_FINGERPRINT_H
#define VTL_VOLUME_FINGERPRINT_H

#include "vtl/volume/volume.h"

/* Rows at the beginning that are kept one by one: label, first header. */
#define VOLUME_FINGERPRINT_HEAD 4

struct volume_fingerprint {
	bool known;
	struct volume_position end; /* EOD then */
	uint64_t sum;
	struct volume_fingerprint_row {
		uint64_t first, sum;
	} head[VOLUME_FINGERPRINT_HEAD];
	size_t head_count;
};

enum volume_match { VOLUME_UNCHANGED, VOLUME_REPLACED, VOLUME_UNREADABLE };

/*
 * As volume_close(); `mark` is of what is on the volume then.  It is not known
 * where the volume could not be closed as it should.
 */
int volume_close_with_fingerprint(struct volume *volume,
    struct volume_fingerprint *mark, char message[VOLUME_MESSAGE_BYTES]);

/*
 * Whether the volume at `path` holds all that a mark tells of, whatever was
 * appended to it since; HELD where the mark is not known.  Else `why`, as a
 * part of a sentence about the volume.
 *
 * Others may use the volume meanwhile.  While they write, its file may be in
 * any state between two: then it is lost if something else is at its beginning,
 * and not seen otherwise.
 */
enum volume_match volume_check_fingerprint(const char *path,
    const struct volume_fingerprint *mark, char why[VOLUME_MESSAGE_BYTES]);

#endif

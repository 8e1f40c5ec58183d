/*
 * fingerprint.h: checks that the contents of a volume did not change after it
 * was closed.
 *
 * A program that does not know of the locks, or a person who renames files, can
 * put something else in the place of a volume.  The fingerprint detects such a
 * change.  It covers the rows of all labels, headers and filemarks, and of the
 * last blocks of each file, with their checksums.
 */
#ifndef VTL_VOLUME_FINGERPRINT_H
#define VTL_VOLUME_FINGERPRINT_H

#include "vtl/volume/volume.h"

/*
 * Number of rows at the beginning of the medium that are kept one by one: label, first
 * header.
 */
#define VOLUME_FINGERPRINT_HEAD 4

struct volume_fingerprint {
	bool known;
	unsigned partitions;
	/* EOD of each partition when it was taken */
	struct volume_position end[VOLUME_PARTITIONS_MAX];
	uint64_t sum;
	struct volume_fingerprint_row {
		uint64_t first, sum;
	} head[VOLUME_FINGERPRINT_HEAD];
	size_t head_count;
};

enum volume_match { VOLUME_UNCHANGED, VOLUME_REPLACED, VOLUME_UNREADABLE };

/*
 * Closes the volume like volume_close(), and takes the fingerprint of its
 * contents.  `known` is false if the volume could not be closed properly.
 */
int volume_close_with_fingerprint(struct volume *volume,
    struct volume_fingerprint *fingerprint, char message[VOLUME_MESSAGE_BYTES]);

/*
 * Compares the volume at `path` with its fingerprint.  UNCHANGED means that the
 * old contents are still there (more may have been appended), or that the
 * fingerprint is not known.  Otherwise `why` says what was found, as a part of
 * a sentence about the volume.
 *
 * While another process writes to the volume, its file may be in any state
 * between two transactions.  Then REPLACED means that the beginning of the file
 * differs, and UNREADABLE means that the comparison is not possible.
 */
enum volume_match volume_check_fingerprint(const char *path,
    const struct volume_fingerprint *fingerprint,
    char why[VOLUME_MESSAGE_BYTES]);

#endif

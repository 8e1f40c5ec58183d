/*
 * safe.h: what is safe of a dump that is to be resumed, and the way to it.
 *
 * The catalogue says which parts are safe, and the volumes are looked at, for
 * what it says may be so no more, and it may not know all; where it does not
 * know the dump, the tapes say which parts are safe.  The dump that is given is
 * then held against that, and skipped as far.
 *
 * Invariants:
 *  1. What is not seen on its volume is not safe, except on volumes that the
 *     caller assumes to be present.
 *  2. A dump is resumed only if each volume of the library, and each one that
 *     the catalogue or an end record names for it, was looked at or is assumed
 *     to be present.
 *  3. No attempt has the number of another one at the same part, also where
 *     that is on a volume that nobody knows of.
 */
#ifndef SIM_RESUME_POINT_H
#define SIM_RESUME_POINT_H

#include "splitter/tool/barcodes.h"
#include "splitter/tool/catalogue/catalogue.h"
#include "splitter/tool/input.h"
#include "splitter/tool/resume/skip.h"
#include "splitter/tool/tapes.h"

/* Zeros: a dump that is new. */
struct resume_point {
	struct catalogue_dump dump;
	struct part_list parts;             /* that are safe */
	struct catalogue_attempts attempts; /* at the parts after them */
	/* The volume on which the dump may continue, or "". */
	char volume[TAPE_BARCODE_BYTES];
	struct splitter_digest *digest; /* of the bytes that are safe */
};

/* Where it is looked. */
struct resume_point_where {
	const char *name;               /* of the dump, as it was given */
	struct catalogue *catalogue;    /* or NULL */
	struct tapes *tapes;            /* for reading, and nothing else */
	bool library;                   /* they are those of a whole library */
	const struct barcodes *assumed; /* not loaded: as they were */
};

/*
 * Finds out what is safe of a dump, and looks whether it is there; what the
 * catalogue calls safe and is seen to be gone is forgotten there.  Returns 0,
 * or -1 with a sentence; resume_point_clear in any case.
 */
int resume_point_find(struct resume_point *safe,
    const struct resume_point_where *where, char *err, size_t err_bytes);

/* Compares the safe bytes with the source, which is then after them. */
enum resume_skip_result resume_point_skip(struct resume_point *safe,
    struct input *source, char *err, size_t err_bytes);

void resume_point_clear(struct resume_point *safe);

#endif

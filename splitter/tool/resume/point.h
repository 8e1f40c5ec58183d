/*
 * point.h: finds the point at which a dump can be resumed.
 *
 * The catalogue lists the safe parts.  The volumes are scanned, because the
 * catalogue may be out of date or incomplete.  If the catalogue does not have
 * the dump, the safe parts are taken from the tapes.  The given stream is then
 * compared with them and skipped.
 *
 * Invariants:
 *  1. A part that is not found on its volume is not safe, except on volumes
 *     that the caller assumes to be present.
 *  2. A dump is resumed only if each volume of the library, and each one that
 *     the catalogue or an end record names for it, was scanned or is assumed
 *     to be present.
 *  3. No attempt has the number of another one at the same part, also if that
 *     one is on an unknown volume.
 */
#ifndef SPLITTER_TOOL_RESUME_POINT_H
#define SPLITTER_TOOL_RESUME_POINT_H

#include "splitter/tool/barcodes.h"
#include "splitter/tool/catalogue/catalogue.h"
#include "splitter/tool/input.h"
#include "splitter/tool/resume/skip.h"
#include "splitter/tool/tapes.h"

/* Zeros: a new dump. */
struct resume_point {
	struct catalogue_dump dump;
	struct part_list parts; /* the safe parts */
	/* the highest numbers at later parts */
	struct catalogue_attempts attempts;
	/* The volume on which the dump may continue, or "". */
	char volume[TAPE_BARCODE_BYTES];
	struct splitter_digest *digest; /* digest of the safe bytes */
};

/* Where to search. */
struct resume_point_where {
	const char *name;            /* name of the dump, as given */
	struct catalogue *catalogue; /* or NULL */
	struct tapes *tapes;         /* for reading only */
	bool library;                /* `tapes` are all volumes of a library */
	const struct barcodes
	    /* volumes that are not loaded, and are assumed to be unchanged */
	    *assumed;
	/* The number of the next attempts, where it is drawn; 0: draw it. */
	uint32_t attempt;
};

/*
 * Finds the safe parts of a dump and verifies them.  Parts that are missing
 * although the catalogue calls them safe are removed from the catalogue.
 * Returns 0, or -1 with a message.  Call resume_point_clear() in both cases.
 */
int resume_point_find(struct resume_point *safe,
    const struct resume_point_where *where, char *err, size_t err_bytes);

/*
 * Reads the safe bytes from the input, and compares them with the parts.  The
 * input is then after the safe bytes.
 */
enum resume_skip_result resume_point_skip(struct resume_point *safe,
    struct input *source, char *err, size_t err_bytes);

void resume_point_clear(struct resume_point *safe);

#endif

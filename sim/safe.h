/*
 * safe.h: what is safe of a dump that is to be resumed, and the way to it.
 *
 * The catalogue says which parts are safe, and the volumes are looked at, for
 * what it says may be so no more; where it does not know the dump, the tapes
 * are scanned.  The dump that is given is then held against that, and skipped
 * as far.
 *
 * Invariants:
 *  1. What is not seen on its volume is not safe, but on volumes that the
 *     caller trusts.
 */
#ifndef SIM_SAFE_H
#define SIM_SAFE_H

#include "sim/catalogue.h"
#include "sim/source.h"
#include "sim/tapes.h"
#include "splitter/resume.h"

/* Zeros: a dump that is new. */
struct safe {
	struct catalogue_dump dump;
	struct parts *parts;
	struct scan_attempts attempts;	/* at the parts behind them */
	char volume[TAPE_BARCODE_BYTES];	/* may be gone on with, or "" */
	struct sum *whole;		/* of the bytes that are safe */
};

/*
 * Finds out what is safe of the dump `name`.  `catalogue` may be NULL.  The
 * tapes are scanned only where the catalogue does not know; they are not to be
 * used for anything else afterwards, and `*scanned` says whether it was.
 * Returns 0, or -1 with a sentence; safe_clear in any case.
 */
int safe_find(struct safe *safe, const char *name,
    struct catalogue *catalogue, struct tapes *tapes,
    const struct admit_list *trusted, bool *scanned, char *err,
    size_t err_bytes);

/*
 * Looks whether what the catalogue calls safe is on its volumes; what is seen
 * to be gone is forgotten there.  Returns 0, or -1 with a sentence.
 */
int safe_look(struct safe *safe, struct catalogue *catalogue,
    struct tape_library *library, const struct admit_list *trusted, char *err,
    size_t err_bytes);

/* Compares what is safe with the source, which then stands behind it. */
enum resume_end safe_skip(struct safe *safe, struct source *source, char *err,
    size_t err_bytes);

void safe_clear(struct safe *safe);

#endif

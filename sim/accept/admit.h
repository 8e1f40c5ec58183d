/*
 * admit.h: may a run write the cartridge that is in the drive?
 *
 * Each run that measures a drive (an acceptance, a trial, a calibration) asks
 * here after each load.
 *
 * Invariants:
 *  1. Another cartridge than the one that was seen before, and one that others
 *     have written since, is not written, as far as the memory of the cartridge
 *     shows that.
 *  2. Unless this process has looked at it, and its memory shows that nothing was
 *     written since, what is on it is read, and judged by volume_policy.h.
 *  3. A person allows the data to be overwritten that was on the cartridge before
 *     the run.  Once the run may have written it, only a label of a scratch
 *     volume or for tests is overwritten, or no data at all: no change reference
 *     proves that others wrote nothing, because it does not change with each
 *     write of a load.
 */
#ifndef SIM_ACCEPT_ADMIT_H
#define SIM_ACCEPT_ADMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "splitter/tape/tape.h"

enum { ADMIT_CHANGE_BYTES = 17 };

struct admit {
	/* What the run knows of it; "": nothing. */
	const char *name;   /* for people */
	const char *serial; /* of the medium */
	const char *change; /* the volume change reference */
	/* The names of cartridges that may be overwritten. */
	const char *const *overwrite;
	size_t overwrite_count;
	bool looked; /* this process was answered ADMIT_YES before */
	bool begun;  /* the run may have written it */
	bool blank;  /* one without data may be written */
};

enum admit_verdict {
	ADMIT_YES,
	/* It is another one, or may be: the first can be put in again. */
	ADMIT_EXCHANGED,
	ADMIT_WRITTEN,   /* by others: it is not as the run left it */
	ADMIT_KEPT,      /* what is on it may not be overwritten */
	ADMIT_UNREADABLE /* by the drive: what is on it is not known */
};

/* Writes the volume change reference as text; "" if it is not known. */
void admit_change_text(const struct tape_identity *now,
    char text[ADMIT_CHANGE_BYTES]);

/*
 * Returns whether the run may write the loaded cartridge; if not, `why` gets a
 * sentence that names it, without advice about the run.  If its contents were
 * read, the tape is at BOT, or its position is not known after
 * ADMIT_UNREADABLE.  `*now_ns` becomes the time at which that was done.
 */
enum admit_verdict admit_cartridge(const struct admit *admit, struct tape *tape,
    int64_t *now_ns, char *why, size_t why_bytes);

/*
 * Returns whether the memory of the loaded cartridge has no barcode that disagrees
 * with that of the tape.  If it has, each write needs the leave for both names,
 * and nothing can be appended (volume_policy.h): tests that do so would fail.
 * `why` then gets a sentence with what to do.
 */
bool admit_memory_agrees(const char *name, struct tape *tape, char *why,
    size_t why_bytes);

#endif

/*
 * earlier.h: the values of a run next to those of earlier runs of the same drive.
 *
 * An earlier run is a folder with its acceptance.json, that the person names.
 * Its values are shown, and not judged: a drive that becomes worse shows there
 * before it misses a limit.
 *
 * Invariants:
 *  1. Only runs that have ended, of a drive with the same vendor, product and
 *     serial number, are compared.
 *  2. The evidence of the new run has the values too, with the SHA-256 of the
 *     evidence of the earlier one.
 */
#ifndef SIM_ACCEPT_EARLIER_H
#define SIM_ACCEPT_EARLIER_H

#include "reports/acceptance.h"
#include "sim/accept/evidence.h"

/* The paper has room for this number of runs. */
enum { EARLIER_MAX = 3 };

struct earlier {
	struct acceptance runs[EARLIER_MAX]; /* newest first */
	size_t count;
};

/*
 * Reads the runs of these folders.  `now` is what is known of the drive.  Returns
 * 0, and the caller clears it; -1 with a message: more than EARLIER_MAX, one
 * twice, no run in a folder, one that has not ended, or another drive.
 */
int earlier_read(struct earlier *earlier, const char *const *folders,
    size_t count, const struct acceptance *now, char *err, size_t err_bytes);

/*
 * Sets `earlier` of each row of the record that an earlier run has too, of the
 * same test; a row of a cartridge has the values of the other cartridges, with
 * their names, if that run did not use it; a value of the second drive only if
 * that run used the same one.  Adds which runs these are, to the
 * facts and to the evidence.  Returns 0, or -1 without memory.
 */
int earlier_enter(const struct earlier *earlier, struct acceptance *record,
    struct evidence *evidence);

void earlier_clear(struct earlier *earlier);

#endif

/*
 * alert.h: the TapeAlert flags (SSC-4, annex A) that a virtual drive sets, and
 * the errors that it counts.  Bit N - 1 is flag N.
 */
#ifndef VTL_ALERT_H
#define VTL_ALERT_H

#include "vtl/base/media.h"
#include "vtl/base/sense.h"

enum alert_operation { ALERT_WRITING, ALERT_READING, ALERT_OTHER };

/* Flags that others use. */
enum { ALERT_CLEAN_NOW = 20, ALERT_TEMPERATURE = 36 };

static inline uint64_t alert_bit(unsigned flag)
{
	return UINT64_C(1) << (flag - 1);
}

/* Returns all flags that a drive may set. */
uint64_t alert_supported(void);

/* Returns the flags that sense data sets which an operation has reported. */
uint64_t alert_of_sense(enum alert_operation doing, const struct sense *sense);

/* Returns the flag of a worn medium, or 0. */
uint64_t alert_of_wear(enum media_wear wear);

/* What a drive counts of reading, or of writing. */
struct alert_tally {
	uint64_t bytes, blocks, corrected, uncorrected;
};

/* Counts an error in the tallies of writing and reading. */
void alert_count(struct alert_tally tallies[2], enum alert_operation doing,
    const struct sense *sense);

#endif

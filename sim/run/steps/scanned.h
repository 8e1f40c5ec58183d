/* scanned.h: the volumes of a step that were scanned. */
#ifndef SIM_STEPS_SCANNED_H
#define SIM_STEPS_SCANNED_H

#include "sim/run/steps/outcome.h"
#include "sim/run/steps/step_tapes.h"
#include "splitter/api/reader.h"

struct scanned {
	struct tapes *tapes;
	struct splitter_scan *scan;
};

/*
 * Opens the tapes and scans all their volumes.  Returns false, with the result
 * of the step, if that is impossible; otherwise call scanned_end().
 */
bool scanned_begin(struct scanned *scanned, struct step_tapes *tapes,
    struct program_outcome *outcome);
void scanned_end(struct scanned *scanned);

/* Sets the metrics of the volumes, of the dumps and of the notes. */
void scanned_count(const struct scanned *scanned,
    struct program_outcome *outcome);

/* Returns whether a dump is DONE, with all parts on scanned volumes. */
bool scanned_is_whole(const struct scanned *scanned, size_t dump);

#endif

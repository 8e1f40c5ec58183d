/*
 * program.h: the steps that are programs: label, scan, read, verify, erase.
 *
 * Each uses the code of its command (splitter/tool, splitter/api).  Its results
 * are metrics of the step.
 *
 * One thread at a time.
 */
#ifndef SIM_STEPS_PROGRAM_H
#define SIM_STEPS_PROGRAM_H

#include "sim/run/steps/outcome.h"
#include "sim/run/steps/step_tapes.h"
#include "sim/source/content.h"

/* The barcodes of volumes that may be overwritten. */
struct program_overwrite {
	const char *const *list;
	size_t count;
};

/* What a measure step measures, and how. */
struct program_measurement {
	const struct scenario_step *step;
	const char *barcode;
	uint64_t seed;             /* of the data */
	uint64_t block_bytes;      /* of a block, unless it measures blocks */
	const struct model *model; /* of the drive; NULL: not known */
};

/*
 * These functions carry out a step of their kind, whose tapes are `tapes`, with
 * the volumes of the step.  Messages go to report_receive().
 */
void program_label(const struct scenario *scenario, struct step_tapes *tapes,
    const struct program_overwrite *overwrite, struct program_outcome *outcome);
void program_scan(struct step_tapes *tapes, struct program_outcome *outcome);
/* `whole`: the long erase, over the rest of the medium. */
void program_erase(const char *barcode, bool whole, struct step_tapes *tapes,
    struct program_outcome *outcome);
void program_measure(const struct program_measurement *how,
    struct step_tapes *tapes, struct program_outcome *outcome);
void program_verify(const struct scenario_step *step, struct step_tapes *tapes,
    struct program_outcome *outcome);

/* `content` is the source of the dump, at its beginning. */
void program_read(const struct scenario *scenario,
    const struct scenario_step *step, struct step_tapes *tapes,
    const char *dump, struct content *content, struct program_outcome *outcome);

#endif

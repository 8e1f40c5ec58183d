/*
 * vtl_defect.h: the defects of a volume of a library, as the command line says
 * them and as it tells them.
 */
#ifndef SIM_VTL_DEFECT_H
#define SIM_VTL_DEFECT_H

#include <argp.h>
#include <jansson.h>

#include "vtl/volume/volume.h"

/* What the options say; all 0 is nothing. */
struct vtl_defect_args {
	/* But for what vtl_defect_made() adds. */
	struct volume_defect defect;
	const struct sense_event *sense;
	const char *length;
	bool at_given, block_given, file_given, times_given;
};

/*
 * The options of a defect, for a parser that has a struct vtl_defect_args as
 * its input: of where, and of how.
 */
extern const struct argp vtl_defect_argp;

/*
 * Makes the defect that fails so of what was said.  Whether that goes together;
 * if not, it was reported to `state`.
 */
bool vtl_defect_made(struct vtl_defect_args *args, enum volume_fail fail,
    struct argp_state *state);

/* Whether an option of those was given. */
bool vtl_defect_said(const struct vtl_defect_args *args);

/* All of a volume, as an array, or a line each to standard output. */
json_t *vtl_defects_json(const struct volume *volume);
void vtl_defects_print(const struct volume *volume);

#endif

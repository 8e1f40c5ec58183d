/*
 * workspace.h: the volumes of one run, in a temporary folder.
 *
 * Invariants:
 *  1. The folder is a new one (mkdtemp, below TMPDIR or /tmp), or the caller's.
 *  2. Only files and folders that were made here are removed.
 */
#ifndef SIM_WORKSPACE_H
#define SIM_WORKSPACE_H

#include <stdbool.h>

#include "sim/scenario/scenario.h"
#include "vtl/library/library.h"

struct workspace;

/*
 * Makes a new folder below `below` (NULL: the folder for temporary files). Only
 * its owner can read it.  Returns its path, which the caller frees, or NULL
 * with a message.
 */
char *workspace_make_folder(const char *below, char *err, size_t err_bytes);

/* Removes such a folder and all that is in it, as far as that is possible. */
void workspace_remove_folder(const char *folder);

/*
 * Makes the volume in this file, which is in no drive and new, as worn as this
 * one of the scenario.  Returns 0, or -1 with a message.
 */
int workspace_wear(const char *path, const struct scenario_volume *as,
    bool durable, char message[VOLUME_MESSAGE_BYTES]);

/*
 * Adds the defect of this fault of the scenario, from 0, to the volume in this
 * file, which is in no drive.  Returns 0, or -1 with a message.
 */
int workspace_add_defect(const char *path, const struct scenario *scenario,
    size_t fault, bool durable, char message[VOLUME_MESSAGE_BYTES]);

/*
 * Makes the volumes of a scenario, with their defects, in the empty `folder`,
 * which is not removed.  If `folder` is NULL, makes a new one.  `seed` is the
 * seed of the run.  Returns NULL with a message if the volumes cannot be made.
 */
struct workspace *workspace_new(const struct scenario *scenario,
    enum volume_payload payload, uint64_t seed, bool durable,
    const char *folder, char *err, size_t err_bytes);

enum workspace_use {
	WORKSPACE_MODEL,   /* operations take the time of their model */
	WORKSPACE_INSTANT, /* operations take no time */
	/* Operations take no time; robot and drives have no faults. */
	WORKSPACE_READ_BACK
};

/*
 * Makes a library of the volumes, with the drives and the robot of the
 * scenario.  The caller frees it before the workspace, and has only one at a
 * time.  Returns NULL if memory is short.
 */
struct library *workspace_library(const struct workspace *workspace,
    enum workspace_use use);

const char *workspace_folder(const struct workspace *workspace);

/*
 * Frees the workspace.  Unless `keep`, removes the volumes, and the folder if
 * workspace_new() made it.
 */
void workspace_free(struct workspace *workspace, bool keep);

#endif

/*
 * workspace.h: the volumes of one run, in a temporary folder.
 *
 * Invariants:
 *  1. The folder is new, and nobody else's (mkdtemp, below TMPDIR or /tmp);
 *     or it is the caller's.
 *  2. Only what was made here is removed.
 */
#ifndef SIM_WORKSPACE_H
#define SIM_WORKSPACE_H

#include <stdbool.h>

#include "sim/scenario/scenario.h"
#include "vtl/library/library.h"

struct workspace;

/*
 * Makes a new folder below `below` (NULL: where temporary files go), that
 * nobody else can read.  Its path is to be freed by the caller; NULL with a
 * message.
 */
char *workspace_make_folder(const char *below, char *err, size_t err_bytes);

/*
 * Makes the volumes of a scenario, with their defects, in `folder`, which is
 * empty, and stays; NULL: in a new one.  `seed` is the run's.  NULL with a
 * message if they cannot be made.
 */
struct workspace *workspace_new(const struct scenario *scenario,
    enum volume_payload payload, uint64_t seed, bool durable,
    const char *folder, char *err, size_t err_bytes);

enum workspace_use {
	WORKSPACE_MODEL,    /* everything takes the time of its model */
	WORKSPACE_INSTANT,  /* nothing takes time */
	WORKSPACE_READ_BACK /* nor do the robot and the drives fail */
};

/*
 * A library over the volumes with the scenario's drives and robot.  The caller
 * frees it before the workspace, and has one at a time.  NULL if there is no
 * memory.
 */
struct library *workspace_library(const struct workspace *workspace,
    enum workspace_use use);

const char *workspace_folder(const struct workspace *workspace);

/* Removes the volumes, and the folder that was made, unless `keep`. */
void workspace_free(struct workspace *workspace, bool keep);

#endif

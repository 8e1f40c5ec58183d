/* vtape_rig.h: a virtual tape in an instant drive, for tests. */
#ifndef VTL_LIBRARY_TESTS_VTAPE_RIG_H
#define VTL_LIBRARY_TESTS_VTAPE_RIG_H

#include "splitter/tape/tape.h"
#include "vtl/volume/volume.h"

/* Returns the spec of a volume of 80 blocks of 32 KiB. */
struct volume_spec vtape_rig_spec(enum volume_payload payload, bool leom);

/* Loads the volume into a drive of its own. */
struct tape *vtape_rig_load(struct volume *volume);

/* Unloads and closes the volume. */
void vtape_rig_finish(struct tape *tape);

#endif

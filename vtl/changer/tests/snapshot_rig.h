/* snapshot_rig.h: a library on disk, with a snapshot, for tests. */
#ifndef VTL_CHANGER_TESTS_SNAPSHOT_RIG_H
#define VTL_CHANGER_TESTS_SNAPSHOT_RIG_H

#include "vtl/changer/changer.h"

/* The room for the description of a library. */
enum { SNAPSHOT_TEXT = 16384 };

/* Makes the library "lib", and its snapshot "a". */
void snapshot_setup(void);

/* Opens a library by its name in the scratch folder. */
struct changer *snapshot_open_library(const char *name);

void snapshot_expect(struct changer *c, enum changer_status status,
    enum changer_status want);

/* Describes a library: its rows, except clients, and its volumes' bytes. */
void snapshot_describe(const char *library, char *text, size_t bytes);

/* Changes everything that a library has. */
void snapshot_change(void);

#endif

/* look.h: looks at all tapes that a command line names. */
#ifndef SIM_LOOK_H
#define SIM_LOOK_H

#include "sim/tapes.h"
#include "splitter/scan.h"

/*
 * A scan of all volumes that the library hands out; where `shown`, each is
 * named on standard error if that is a terminal.  NULL with a sentence if
 * there was no memory, or an interrupt came: what some of the volumes say is
 * not to be gone by.
 */
struct scan *look_at_all(struct tape_library *library, bool shown, char *err,
    size_t err_bytes);

#endif

/*
 * st_command.h: a command that has volumes put into a drive.
 */
#ifndef SPLITTER_ST_COMMAND_H
#define SPLITTER_ST_COMMAND_H

#include "splitter/st/st.h"

/*
 * An st_change_fn whose `arg` is a command for sh.  It finds the device in $1,
 * the barcode that is wanted in $2 ("": the next volume) and the one of the
 * volume before in $3.  It ends with status 0 when the volume is in the
 * drive, and may print its barcode as a line; with any other where there is
 * none.
 */
st_change_fn st_command_change;

#endif

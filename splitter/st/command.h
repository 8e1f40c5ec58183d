/* command.h: a command that changes volumes. */
#ifndef SPLITTER_ST_COMMAND_H
#define SPLITTER_ST_COMMAND_H

#include "splitter/st/st.h"

/*
 * An st_change_fn whose `arg` is a command for sh.  The command finds the
 * device in $1, the barcode that is wanted in $2 ("": any other volume), and
 * that of the volume before in $3.  It exits with 0 when the volume is in the
 * drive, and may print its barcode as a line.  Any other status: there is no
 * such volume.
 */
st_change_fn st_change_by_command;

#endif

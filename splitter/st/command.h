/* command.h: a command that changes volumes. */
#ifndef SPLITTER_ST_COMMAND_H
#define SPLITTER_ST_COMMAND_H

#include "splitter/st/st.h"

/*
 * An st_change_fn whose `arg` is a shell command.  The command receives the
 * device in $1, the requested barcode in $2 ("": any other volume), and the
 * barcode of the last volume in $3.  It must exit with 0 when the volume is in
 * the drive, and may print the volume's barcode as a line.  Any other status
 * means that there is no such volume.
 */
st_change_fn st_change_by_command;

#endif

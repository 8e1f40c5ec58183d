/* command.h: a command that changes volumes. */
#ifndef SPLITTER_REAL_COMMAND_H
#define SPLITTER_REAL_COMMAND_H

#include "splitter/real/real.h"

/*
 * A real_change_fn whose `arg` is a shell command.  The command receives the
 * device in $1, the requested barcode in $2 ("": any other volume), and the
 * barcode of the last volume in $3.  It must exit with 0 when the volume is in
 * the drive, and may print the volume's barcode as a line.  Any other status
 * means that there is no such volume.
 */
real_change_fn real_change_by_command;

#endif

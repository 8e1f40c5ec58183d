/*
 * system.c: the system that is asked by default.  A file of its own: a program
 * that defines scsi_system_running itself does not link this one.
 */
#include "splitter/scsi/node/names.h"

const struct scsi_system scsi_system_running = { .root = NULL };

/*
 * st_unit.h: the logical unit of a library of splitter_st_new(), for programs of
 * this tree that ask the drive for facts and counters.
 */
#ifndef SPLITTER_API_ST_UNIT_H
#define SPLITTER_API_ST_UNIT_H

#include "splitter/scsi/unit.h"
#include "splitter/tape/tape.h"

/*
 * Returns the unit, to be used between two operations of the tape, by the thread
 * that uses the tape; NULL: the drive is not open, or used with the tape driver.
 */
struct scsi_unit *st_unit(struct tape_library *library);

#endif

/*
 * counters.h: reads the counters of a drive's log pages, under the maker's
 * names.
 */
#ifndef SPLITTER_SCSI_COUNTERS_H
#define SPLITTER_SCSI_COUNTERS_H

#include "splitter/scsi/commands.h"
#include "splitter/tape/counters.h"

/*
 * Reads pages 02h, 03h, 06h, 0Ch, 12h, 14h, 17h, 1Bh, 30h, 31h and 32h,
 * as far as the drive has them, and keeps the parameters that have a name.
 * Returns false if the drive has no log pages at all.
 */
bool scsi_counters_read(struct scsi_unit *unit, enum tape_maker maker,
    struct tape_counters *counters);

/* Takes the parameters of one page, with its header, into the snapshot. */
void scsi_counters_take(struct tape_counters *counters, enum tape_maker maker,
    const uint8_t *page, size_t bytes);

#endif

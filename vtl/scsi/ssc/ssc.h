/*
 * ssc.h: a drive as a device (SSC-4).
 *
 * Invariants:
 *
 *  1. READ delivers straight into the room for data-in, WRITE takes straight
 *     from the data-out.  READ never delivers bytes that are not on the medium:
 *     a block whose data the volume does not store is read as zeros.  An error
 *     would say that the medium is bad, which it is not, and a program that
 *     reads only to move on would stop.
 *  2. A volume without payload stores what programs need to find their way on
 *     it: a write of at most a mebibyte at the beginning of a file, where
 *     formats have labels and headers.  All other data is not kept.
 *  3. EOD follows the last object of a partition, also of a full one: LTO drives
 *     keep room to write it.  So READ, VERIFY, SPACE and LOCATE end there with
 *     8/00/05, and never meet the end of a partition (SSC-4: 3/00/02 with EOM).
 *  4. LOCATE takes block addresses of the device (BT) as logical ones, as LTO
 *     drives do.
 */
#ifndef VTL_SSC_H
#define VTL_SSC_H

#include "vtl/scsi/device/device.h"

/*
 * Makes a device of the unit, which the caller keeps, and uses only with the
 * device locked.  Returns NULL without memory.
 */
struct device *ssc_device_new(struct scsi *unit,
    const struct device_identity *identity);

#endif

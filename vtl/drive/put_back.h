/*
 * put_back.h: a volume that lies in a drive, and was taken out of the process for
 * a moment while its file was copied or exchanged.
 */
#ifndef VTL_DRIVE_PUT_BACK_H
#define VTL_DRIVE_PUT_BACK_H

#include "vtl/drive/drive.h"

/*
 * As drive_load(), without a count of the load, and without faults of loads.
 */
void drive_put_back(struct drive *drive, struct volume *volume, int64_t now_ns,
    struct drive_result *result);

/*
 * After drive_put_back() of a volume that was not unloaded: the drive has the error
 * that drive_flush() or drive_poll() reported before the volume was taken out.  A
 * deferred error is pending again, and a drive that has failed stays so until an
 * unload.
 */
void drive_keep_error(struct drive *drive, const struct drive_result *flushed);

#endif

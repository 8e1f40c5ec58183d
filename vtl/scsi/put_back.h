/*
 * put_back.h: a volume that lies in a drive, and was taken out of the process for
 * a moment while its file was copied or exchanged.
 */
#ifndef VTL_SCSI_PUT_BACK_H
#define VTL_SCSI_PUT_BACK_H

#include "vtl/scsi/scsi.h"

enum scsi_put_back {
	SCSI_PUT_BACK_LOADED,   /* its load goes on */
	SCSI_PUT_BACK_UNLOADED, /* it stays unloaded */
	SCSI_PUT_BACK_OTHER     /* another volume, or an earlier state of it */
};

/*
 * As scsi_insert(), for a volume after scsi_take_out().  No load is counted, and
 * no fault of loads applies: the cartridge did not move.  Unless it is unloaded,
 * the tape is at its beginning, and each nexus gets 28/00.
 */
void scsi_put_back(struct scsi *unit, struct volume *volume,
    enum scsi_put_back what, int64_t now_ns, int64_t *ready_ns);

#endif

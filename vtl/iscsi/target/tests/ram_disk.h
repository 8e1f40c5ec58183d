/*
 * ram_disk.h: a disk in memory as a device (SBC-3), as far as iscsi-test-cu
 * needs it.  Its tests of the transport run on disks only.
 *
 * A READ or WRITE whose expected length is shorter transfers the shorter
 * length, with an overflow: a disk can do so, a tape must not.
 */
#ifndef VTL_ISCSI_TARGET_RAM_DISK_H
#define VTL_ISCSI_TARGET_RAM_DISK_H

#include "vtl/scsi/device/row.h"

enum { RAM_BLOCK_BYTES = 512, RAM_BLOCKS = 8192 };

struct ram_disk {
	struct device *device;
	struct scsi_nexuses nexuses;
	uint8_t *data;
};

void ram_disk_make(struct ram_disk *disk);
void ram_disk_free(struct ram_disk *disk);

#endif

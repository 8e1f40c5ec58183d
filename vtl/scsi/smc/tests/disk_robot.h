/*
 * disk_robot.h: the changer of a library in a temporary folder, with drives that
 * are no devices: what lies in a drive is loaded there.
 */
#ifndef VTL_DISK_ROBOT_H
#define VTL_DISK_ROBOT_H

#include "vtl/scsi/smc/tests/smc_fixture.h"

struct disk_robot {
	struct robot robot; /* only for its commands */
	struct changer *changer;
};

/* Makes the library of library_on_disk.h, and its changer. */
void disk_robot_make(struct disk_robot *d);
void disk_robot_free(struct disk_robot *d);

/* Returns the elements as a text: "256 VTA001L8 from 1024, 1025 VTA002L8". */
const char *disk_robot_contents(struct disk_robot *d);

#endif

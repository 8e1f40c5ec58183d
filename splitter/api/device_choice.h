/*
 * device_choice.h: which back end uses the drive of a device, and why.
 */
#ifndef SPLITTER_API_DEVICE_CHOICE_H
#define SPLITTER_API_DEVICE_CHOICE_H

#include "splitter/scsi/node/names.h"
#include "splitter/tape/enums.h"

enum { DEVICE_WHY_BYTES = 512 };

struct device_choice {
	enum splitter_backend backend; /* ST or SG */
	/* names.sg is the node of SG; has_names: the others are known */
	struct scsi_names names;
	bool has_names;
	/* the node of ST: that which was named, or names.st */
	char st[SCSI_PATH_BYTES];
	/*
	 * "/dev/nst0: SCSI commands, through /dev/sg3"; "": nothing is known of
	 * the device
	 */
	char why[DEVICE_WHY_BYTES];
};

/*
 * Chooses the back end.  `wanted` ANY: SG where the sg node may be opened, else
 * ST.  `system` NULL: the one that runs.  Returns 0; -1 with a message: no such
 * device, no tape drive, a node that rewinds, no node for the wanted back end.
 */
int device_choose(const char *device, enum splitter_backend wanted,
    const struct scsi_system *system, struct device_choice *choice, char *err,
    size_t err_bytes);

#endif

/*
 * prepare.h: makes a drive that exists ready to be measured.
 */
#ifndef SIM_CALIBRATE_PREPARE_H
#define SIM_CALIBRATE_PREPARE_H

#include "splitter/scsi/facts/facts.h"

enum { CALIBRATE_DEVICE_TEXT_BYTES = 256 };

/* What the drive says of itself; "": it does not. */
struct calibrate_device {
	char name[CALIBRATE_DEVICE_TEXT_BYTES]; /* in /dev/tape/by-id, if any */
	char maker[CALIBRATE_DEVICE_TEXT_BYTES];
	char product[CALIBRATE_DEVICE_TEXT_BYTES];
	char firmware[CALIBRATE_DEVICE_TEXT_BYTES];
	char serial[CALIBRATE_DEVICE_TEXT_BYTES];
	char cartridge[CALIBRATE_DEVICE_TEXT_BYTES]; /* its serial number */
	char generation[CALIBRATE_DEVICE_TEXT_BYTES];
	bool virtual_drive;
};

/*
 * Reads the facts of the drive, which has a cartridge, and switches its
 * compression off: whoever holds the drive restores it.  `names` may be NULL.
 * Returns false with a sentence if the drive cannot be measured.
 */
bool calibrate_device_prepare(struct scsi_unit *unit,
    const struct scsi_names *names, uint32_t largest_bytes,
    struct calibrate_device *device, char *err, size_t err_bytes);

#endif

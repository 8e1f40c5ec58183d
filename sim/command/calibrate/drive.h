/* drive.h: the drive that tapelab calibrate measures, with its cartridge. */
#ifndef SIM_COMMAND_CALIBRATE_DRIVE_H
#define SIM_COMMAND_CALIBRATE_DRIVE_H

#include "sim/accept/open.h"
#include "sim/calibrate/calibrate.h"
#include "sim/calibrate/files/about.h"
#include "sim/command/tape/tapes.h"

enum { DRIVE_TEXT_BYTES = 256 };

struct measured_drive {
	struct tapes *tapes;          /* of a virtual library, or NULL */
	struct accept_opened *opened; /* a device, or NULL */
	struct tape *tape;
	int64_t now_ns;
	const struct model *base; /* see --model */
	struct model *own_base;   /* of a file; owned */
	const struct model_medium *medium;
	/* Random bytes to write, owned; NULL: the tape keeps no payload. */
	void *data;
	uint64_t data_bytes;
	struct volume *unloaded; /* between an unload and the load after it */
	bool held;               /* the same of a device */
	/* Its serial number, and its change reference before the unload. */
	struct tape_identity before;

	char where[DRIVE_TEXT_BYTES], maker[DRIVE_TEXT_BYTES];
	char product[DRIVE_TEXT_BYTES], firmware[DRIVE_TEXT_BYTES];
	char serial[DRIVE_TEXT_BYTES], cartridge[DRIVE_TEXT_BYTES];
	char generation[DRIVE_TEXT_BYTES]; /* of the medium: "LTO-8" */
	bool virtual_drive;
	bool paced; /* time is that of this machine */
};

/*
 * Opens the drive, and loads the volume that the options name.  `model`: the
 * name or file of the base; NULL: that of the drive.  Returns 0, or -1 with a
 * message; the caller closes the drive in both cases.
 */
int measured_drive_open(struct measured_drive *drive,
    const struct tapes_spec *spec, const char *model, char *err,
    size_t err_bytes);

/* Sets what is about the drive. */
void measured_drive_configure(struct measured_drive *drive,
    struct calibrate_config *config);

/*
 * device.c: the same for a drive that exists, whose library has not loaded yet.
 */
int measured_device_open(struct measured_drive *drive,
    const struct tapes_spec *spec, char *err, size_t err_bytes);

/* Describes the drive and its cartridge.  Returns 0, or -1 with a message. */
int measured_device_prepare(struct measured_drive *drive,
    struct scsi_unit *unit, char *err, size_t err_bytes);

/* Sets how the cartridge of the device is unloaded and loaded, or why not. */
void measured_device_configure(struct measured_drive *drive,
    struct calibrate_config *config);

/* Loads a cartridge that was unloaded when the run ended. */
void measured_device_load_held(struct measured_drive *drive);

/* Gives the volume back.  It may be appended to if `good`. */
void measured_drive_close(struct measured_drive *drive, bool good);

#endif

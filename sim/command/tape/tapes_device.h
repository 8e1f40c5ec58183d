/* tapes_device.h: a real drive, and how its volumes are changed. */
#ifndef SIM_TAPES_DEVICE_H
#define SIM_TAPES_DEVICE_H

#include "sim/command/tape/tapes.h"

struct tapes_device;

/*
 * Opens the drive that the options name.  The next volume is loaded by the
 * robot of --changer, by --changer-command, or by the person at the terminal.
 * Returns NULL with a message if the drive cannot be opened.
 */
struct tapes_device *tapes_device_open(const struct tapes_spec *spec,
    const struct tapes_use *use, char *err, size_t err_bytes);

struct tape_library *tapes_device_library(const struct tapes_device *device);

/*
 * Returns whether a volume was requested, so that another one may be in the
 * drive.
 */
bool tapes_device_changed(const struct tapes_device *device);

/* Closes the drive.  `device` may be NULL. */
void tapes_device_close(struct tapes_device *device);

#endif

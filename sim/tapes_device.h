/*
 * tapes_device.h: the tapes of a real drive, and who changes them.
 */
#ifndef SIM_TAPES_DEVICE_H
#define SIM_TAPES_DEVICE_H

#include "sim/tapes.h"

/*
 * The library of the drive that the options name.  The next volume is had by
 * the command --change, or by the person at the terminal, where there is one.
 * NULL with a message.
 */
struct tape_library *tapes_device_open(const struct tapes_spec *spec,
    const struct tapes_use *use, char *err, size_t err_bytes);

/* NULL is allowed. */
void tapes_device_close(struct tape_library *library);

#endif

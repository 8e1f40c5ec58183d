/* volume.h: opens a volume of a library that no client uses. */
#ifndef SIM_VTL_VOLUME_H
#define SIM_VTL_VOLUME_H

#include "sim/command/vtl/vtl.h"
#include "vtl/volume/volume.h"

/*
 * Opens the volume with this barcode.  Until vtl_volume_close() no cartridge is
 * moved.  Gets the element of the volume; its address is 0 if the library has
 * no such volume.  Returns NULL and a message if the volume does not exist, is
 * in use, or cannot be opened.
 */
struct volume *vtl_volume_open(struct changer *changer, const char *barcode,
    struct changer_element *element, char message[VOLUME_MESSAGE_BYTES]);

/*
 * Closes the volume, and lets cartridges move again.  Returns 0, or -1 and a
 * message.
 */
int vtl_volume_close(struct changer *changer, struct volume *volume,
    char message[VOLUME_MESSAGE_BYTES]);

/* Returns the properties and the contents of a volume. */
json_t *vtl_volume_json(struct volume *volume);

#endif

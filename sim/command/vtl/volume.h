/*
 * vtl_volume.h: looks into a volume of a library that no drive has in use.
 */
#ifndef SIM_VTL_VOLUME_H
#define SIM_VTL_VOLUME_H

#include "sim/command/vtl/vtl.h"
#include "vtl/volume/volume.h"

/*
 * Opens the volume with that barcode; while it is open nothing is carried in
 * the library.  Returns the volume, for vtl_volume_close().  NULL with a
 * message where there is none, it is in use or cannot be opened.  Where it is
 * in the library, `element` tells where; else its address is 0.
 */
struct volume *vtl_volume_open(struct changer *changer, const char *barcode,
    struct changer_element *element, char message[VOLUME_MESSAGE_BYTES]);

/* 0, or -1 with a message. */
int vtl_volume_close(struct changer *changer, struct volume *volume,
    char message[VOLUME_MESSAGE_BYTES]);

/* What a volume is: capacity, early warning, payload, what is on it. */
json_t *vtl_volume_json(struct volume *volume);

#endif

/*
 * transport_id.h: the TransportID of an iSCSI initiator port (SPC-4, RFC 7143):
 * "NAME,i,0xISID" with a header of four bytes, padded to a multiple of four; or
 * that of an initiator device, "NAME", which stands for all its ports.
 */
#ifndef VTL_TRANSPORT_ID_H
#define VTL_TRANSPORT_ID_H

#include "vtl/scsi/device/device.h"

enum { TRANSPORT_ID_MAX_BYTES = 4 + DEVICE_NAME_BYTES + 20 };

/* Stores the TransportID of the initiator's port.  Returns its length. */
size_t transport_id_encode(const struct device_port *port,
    uint8_t bytes[TRANSPORT_ID_MAX_BYTES]);

/*
 * Reads a TransportID at the beginning of `room` bytes, and sets name and ISID
 * of the port.  *has_isid: false if it is that of a device; then the ISID stays
 * as it is.  Returns its length; 0 if it is not one of iSCSI.
 */
size_t transport_id_decode(const uint8_t *bytes, size_t room,
    struct device_port *port, bool *has_isid);

#endif

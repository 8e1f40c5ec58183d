/*
 * identity.h: the names and numbers by which initiators know the drives and the
 * changer of a library on disk.
 *
 * Invariants:
 *
 *  1. Serial numbers and NAA are drawn when the library is made, and stay.  No
 *     two devices of a library have the same.
 *  2. A vendor, product or revision that is "" is that of the model.
 *
 * The changer has the address CHANGER_ROBOT_ADDRESS, drive N has
 * CHANGER_DRIVE_ADDRESS + N.  Functions return what those of changer.h return.
 */
#ifndef VTL_CHANGER_IDENTITY_H
#define VTL_CHANGER_IDENTITY_H

#include "vtl/changer/changer.h"

/* Sizes with the null byte; the fields of INQUIRY data are one byte shorter. */
enum {
	CHANGER_VENDOR_BYTES = 9,
	CHANGER_PRODUCT_BYTES = 17,
	CHANGER_REVISION_BYTES = 5,
	CHANGER_SERIAL_BYTES = 11
};

/* All texts are printable ASCII. */
struct changer_identity {
	char vendor[CHANGER_VENDOR_BYTES];     /* "": that of the model */
	char product[CHANGER_PRODUCT_BYTES];   /* the same */
	char revision[CHANGER_REVISION_BYTES]; /* the same */
	char serial[CHANGER_SERIAL_BYTES]; /* "": drawn; a library of an older
					    * version that is only read */
	uint64_t naa; /* of 8 bytes, the first 4 bits are 2, 3 or 5; 0: drawn */
};

/* Gets the identity of a device.  CHANGER_REFUSED: no such device. */
enum changer_status changer_get_identity(struct changer *changer,
    unsigned address, struct changer_identity *identity);

/*
 * Stores the identity of a device.  An empty serial number and an NAA of 0 stay
 * as they are.  CHANGER_REFUSED: no such device, an invalid NAA, or a number
 * that another device has.
 */
enum changer_status changer_set_identity(struct changer *changer,
    unsigned address, const struct changer_identity *identity);

/*
 * Draws new serial numbers and NAA for all devices, as for a copy of a library
 * that is served next to it.
 */
enum changer_status changer_renew_identities(struct changer *changer);

#endif

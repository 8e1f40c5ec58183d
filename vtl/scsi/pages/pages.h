/*
 * pages.h: the commands about a device itself, for drives and for changers:
 * INQUIRY and its pages, mode and log pages, REPORT DENSITY SUPPORT, buffers
 * and diagnostics; and the identity that a device reports.
 *
 * Invariants:
 *
 *  1. A page that a list of pages names is answered, and any other is refused
 *     with 5/24/00.
 *  2. A length field tells the full length, whatever the allocation length.
 *  3. MODE SELECT with the data of MODE SENSE changes nothing, and succeeds.
 *  4. MODE SELECT applies all of its data, or nothing.
 */
#ifndef VTL_PAGES_H
#define VTL_PAGES_H

#include "vtl/model/model.h"
#include "vtl/scsi/device/row.h"

/*
 * Sets type, vendor, product and revision to those of the real drive, or to
 * names of this program if the real ones are not known.  Zeroes the rest.
 */
void pages_drive_identity(const struct model *model,
    struct device_identity *identity);

/*
 * The same for a changer that is named by its product, with or without the
 * vendor: "IBM 03584L32", "L700" (spelling.h).  NULL: STK L700.  Backup
 * programs know that product, and expect no vendor-specific command of it.
 * Returns false if there is no such changer.
 */
bool pages_changer_identity(const char *name, struct device_identity *identity);

/* Returns "vendor product" of each changer.  NULL ends the list. */
const char *const *pages_changer_names(void);

/* Elements with the addresses first to first + count - 1. */
struct pages_range {
	uint16_t first, count;
};

/* The unit of a device that is a changer begins with this. */
struct pages_changer {
	struct pages_range transports, slots, ports, drives;
	bool exchanges; /* EXCHANGE MEDIUM is supported */
	/* Bit N - 1: TapeAlert flag N.  Reading log page 2Eh clears them. */
	uint64_t alerts;
};

/* The unit is a struct scsi. */
extern const struct device_rows pages_drive_rows;

/* The unit begins with a struct pages_changer. */
extern const struct device_rows pages_changer_rows;

#endif

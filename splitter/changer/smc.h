/*
 * smc.h: the commands of a medium changer (SMC-3) on a port.
 *
 * Invariants:
 *
 *  1. Only commands that move nothing are sent again, after a unit attention or
 *     with another allocation length.
 *  2. INITIALIZE ELEMENT STATUS, with or without a range, is never sent.
 */
#ifndef SPLITTER_CHANGER_SMC_H
#define SPLITTER_CHANGER_SMC_H

#include "splitter/changer/autochanger.h"
#include "splitter/scsi/unit.h"

/* Mode page 1Dh: the addresses of the elements of a kind. */
struct smc_range {
	unsigned first, count;
};

struct smc_addresses {
	bool known; /* the changer has the page */
	struct smc_range ranges[ELEMENT_DRIVE + 1]; /* by enum element_kind */
};

/*
 * INQUIRY and TEST UNIT READY: whether the device is a changer, and ready.
 * Waits while it becomes ready.  0, or -1 with a message.
 */
int smc_get_ready(struct scsi_unit *unit, char *err, size_t err_bytes);

/*
 * MODE SENSE, page 1Dh.  A changer without the page has no known addresses.  0;
 * -1 with a message if the command fails in another way, or the ranges of the
 * page overlap.
 */
int smc_read_addresses(struct scsi_unit *unit, struct smc_addresses *addresses,
    char *err, size_t err_bytes);

/*
 * READ ELEMENT STATUS, for elements of all kinds, with barcodes, and for drives
 * with identifiers if the changer has them.  0, or -1 with a message.
 */
int smc_read_elements(struct scsi_unit *unit,
    const struct smc_addresses *addresses, struct inventory *inventory,
    char *err, size_t err_bytes);

/* MOVE MEDIUM, once. */
enum autochanger_move smc_move(struct scsi_unit *unit, unsigned from,
    unsigned to, char *err, size_t err_bytes);

#endif

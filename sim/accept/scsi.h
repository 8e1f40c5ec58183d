/*
 * scsi.h: a drive that speaks SCSI, for acceptance runs.
 *
 * The tapes are those of a library that stays open for the whole run, and whose
 * unit answers questions between two operations.
 */
#ifndef SIM_ACCEPT_SCSI_H
#define SIM_ACCEPT_SCSI_H

#include "sim/accept/device.h"
#include "splitter/scsi/facts/facts.h"

struct accept_scsi_config {
	/* The library of the drive, which stays the caller's. */
	struct tape_library *library;
	/* Returns its unit; NULL with a sentence: it cannot be reached. */
	struct scsi_unit *(*unit)(void *arg, char *err, size_t err_bytes);
	void *arg;
	uint32_t largest_bytes;           /* of one transfer of the port */
	const struct scsi_names *names;   /* NULL: not known */
	const struct scsi_system *system; /* that the names are of; or NULL */
	const char *element; /* of the changer, with its proof; NULL: none */
};

/*
 * The config is copied; what it points to must remain.  NULL without memory.
 */
struct accept_device *accept_scsi_new(const struct accept_scsi_config *config);

/* Restores nothing: that is done by whoever holds the drive.  NULL is allowed. */
void accept_scsi_free(struct accept_device *device);

#endif

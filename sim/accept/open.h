/*
 * open.h: opens a drive that exists for an acceptance run: its sg node for
 * commands, exclusively, with its st node held.
 */
#ifndef SIM_ACCEPT_OPEN_H
#define SIM_ACCEPT_OPEN_H

#include "sim/accept/scsi.h"
#include "splitter/real/real.h"

struct accept_opened;

struct accept_open_config {
	const char *device;  /* a node of the drive, or a link to one */
	const char *barcode; /* of the cartridge in it; "": unknown */
	const char *element; /* of the changer; NULL: no changer */
	bool eject;          /* a robot takes the cartridges */
	int (*change)(void *arg, const struct real_wanted *wanted,
	    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes);
	bool (*sleep)(void *arg, int64_t ns);
	void (*notice)(void *arg, const char *message);
	void *arg;
	int64_t started_s; /* seconds since 1970 */
};

/*
 * Opens the drive.  NULL with a message if it cannot be tested: without its sg
 * node there are no reservation, no medium attributes and no counters.  The
 * strings stay the caller's.
 */
struct accept_opened *accept_open(const struct accept_open_config *config,
    char *err, size_t err_bytes);

struct accept_device *accept_opened_device(struct accept_opened *opened);

/*
 * Stores the name of the cartridge in the drive: its barcode, or else the serial
 * number of the medium; "" if it has neither, or the drive is empty.
 */
void accept_opened_name(struct accept_opened *opened,
    char name[TAPE_BARCODE_BYTES]);

/*
 * For a program that measures the drive itself: its library, the unit for
 * questions between two operations (NULL with a message), the names of its
 * nodes, and the most bytes of one transfer.
 */
struct tape_library *accept_opened_library(struct accept_opened *opened);
struct scsi_unit *accept_opened_unit(struct accept_opened *opened, char *err,
    size_t err_bytes);
const struct scsi_names *
accept_opened_names(const struct accept_opened *opened);
uint32_t accept_opened_largest_bytes(const struct accept_opened *opened);

/*
 * Unloads the cartridge but leaves it in the drive, and loads it again: see
 * sg_library_unload_held().  accept_opened_can_hold(): the drive can do that.
 */
bool accept_opened_can_hold(struct accept_opened *opened);
void accept_opened_unload(struct accept_opened *opened, int64_t now_ns,
    struct tape_result *result);
void accept_opened_load(struct accept_opened *opened, int64_t now_ns,
    struct tape_result *result);

/* Leaves the drive as it was found.  NULL is allowed. */
void accept_close(struct accept_opened *opened);

#endif

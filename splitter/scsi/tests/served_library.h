/*
 * served_library.h: a virtual library in this process, as a target for tests:
 * its changer and its drives answer SCSI commands that are bytes, for several
 * initiators.
 *
 * The library (vtl/serve) is made in a temporary folder.  Its volumes are
 * VTA001L8, VTA002L8, ... in the first slots; they keep their data.  This
 * header names no SCSI type of vtl or of splitter, which have the same names:
 * served_port.h makes ports of it.
 *
 * Time is virtual: it passes only with commands, moves and
 * served_library_sleep().  An error of the set-up ends the program.
 */
#ifndef SPLITTER_TESTS_SERVED_LIBRARY_H
#define SPLITTER_TESTS_SERVED_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/drive/fault.h"
#include "vtl/drive/options.h"
#include "vtl/volume/volume.h"

enum {
	SERVED_CHANGER = 0, /* the changer; drive N, from 0, is N + 1 */
	SERVED_NEXUSES = 4, /* initiators: 0 is that of the test */
	SERVED_SENSE_BYTES = 40
};

struct served_library_spec {
	const char *model;    /* of all drives; NULL: "lto8" */
	unsigned drives;      /* 0: one */
	unsigned volumes;     /* 0: four */
	unsigned empty_slots; /* after the volumes */
	unsigned ie_slots;
	/* "CLN001CU" is in the slot after the volumes. */
	bool cleaning;
	/*
	 * Every volume, except for its barcode; NULL: 64 MiB, early warning
	 * 1 MiB before the end.  A volume without payload is given RAW.
	 */
	const struct volume_spec *volume;
	const char *suffix;                    /* of the barcodes; NULL: "L8" */
	const struct drive_options *behaviour; /* of all drives; NULL: plain */
	/* Commands and moves take the times of the model; else none. */
	bool takes_time;
};

struct served_library;

/* Makes the library, with all cartridges in their slots.  NULL: defaults. */
struct served_library *
served_library_new(const struct served_library_spec *spec);

/* Removes the library and its folder.  NULL is allowed. */
void served_library_free(struct served_library *library);

const char *served_library_folder(const struct served_library *library);

/* The barcode of a volume, from 0; valid until served_library_free(). */
const char *served_library_barcode(const struct served_library *library,
    unsigned volume);

/* The virtual time, from 0. */
int64_t served_library_now_ns(const struct served_library *library);
void served_library_sleep(struct served_library *library, int64_t ns);

/*
 * The robot of another process, which does not ask the initiators: moves between
 * addresses of elements; puts a volume into an empty drive; takes what is in a
 * drive back to its slot.
 */
void served_library_move(struct served_library *library, unsigned from,
    unsigned to);
void served_library_load(struct served_library *library, unsigned drive,
    unsigned volume);
void served_library_take(struct served_library *library, unsigned drive);

/* Adds a fault to a drive, from 0; it applies from now on. */
void served_library_fault(struct served_library *library, unsigned drive,
    const struct drive_fault *fault);

/* Removes all faults of drives and of the robot. */
void served_library_heal(struct served_library *library);

/* Adds a defect to a volume that is in a drive. */
/* Adds loads to the life of a volume that is in no drive. */
void served_library_wear(struct served_library *library, unsigned volume,
    uint64_t loads);

void served_library_defect(struct served_library *library, unsigned volume,
    const struct volume_defect *defect);

/* Protects a volume, which is in no drive, against writing. */
void served_library_protect(struct served_library *library, unsigned volume);

/* The robot cannot read the barcode of a volume any more. */
void served_library_unreadable(struct served_library *library, unsigned volume);

/* Resets a device: each initiator gets 29/03. */
void served_library_reset(struct served_library *library, unsigned device);

/* The connection of an initiator is lost, and made again: 29/07. */
void served_library_reconnect(struct served_library *library, unsigned nexus);

/* A command, and how it was answered. */
struct served_call {
	unsigned device, nexus;
	const uint8_t *cdb;
	size_t cdb_bytes;
	void *in;
	const void *out;
	uint32_t bytes; /* room for data-in, or length of data-out */
	/* set by served_library_execute() */
	uint8_t status;
	uint8_t sense[SERVED_SENSE_BYTES];
	size_t sense_bytes;
	int64_t residual; /* negative: an overflow */
};

/* Executes a command; the virtual time is its end. */
void served_library_execute(struct served_library *library,
    struct served_call *call);

#endif

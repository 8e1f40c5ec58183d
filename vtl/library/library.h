/*
 * library.h: a virtual tape library: volumes in slots, drives, and the hand
 * that carries one to the other.
 *
 * Invariants:
 *
 *  1. Volumes are handed out in the order of their slots, each once to each
 *     struct library.
 *  2. A volume is open only while it lies in a drive.
 *  3. A drive that was given back with TAPE_CLOSE_AVOID_DRIVE gets no other volume
 *     from this struct library.
 *  4. A volume that was given back with TAPE_CLOSE_REFUSED, or on which
 *     nothing was written, is as it was, to the byte.
 *  5. Of several processes that use one library at once no two get the same
 *     volume or drive.  A drive stays with the one that got it first until
 *     library_free() or the end of the process, however it ends.
 *  6. Cleaning cartridges are never handed out.  A cartridge that no drive here
 *     can write on is handed out to be written only where it lies in the drive
 *     that was asked for; then that drive refuses (drive.h).
 *
 * With `ahead`, a volume that is loaded in vain counts as handed out only once
 * it is asked for.
 *
 * There is one robot, which makes one move at a time.  A load is complete when
 * the robot has been there and the drive has loaded; an unload when the drive
 * has unloaded, and the robot is then on its way back to the slot.
 *
 * A struct library is used by one thread at a time.
 */
#ifndef VTL_LIBRARY_H
#define VTL_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "splitter/tape/tape.h"
#include "vtl/changer/changer.h"
#include "vtl/drive/model.h"
#include "vtl/volume/volume.h"
#include "vtl/volume/fingerprint.h"

struct library;

/* The cartridges of a new library on disk. */
struct library_stock {
	const struct volume_spec *volumes;
	size_t volume_count;
	const char *const *cleaning; /* barcodes, "CLN..." */
	size_t cleaning_count;
};

/* A library in memory, over volumes that are there. */
struct library_spec {
	const char *const *paths; /* of the volumes, in slot order */
	const char *const *media; /* of each, as in volume_spec; NULL:
					 * as their barcodes tell */
	size_t volume_count;
	const struct model *const *drives; /* kept by the caller */
	size_t drive_count;
	int64_t move_ns; /* of the robot, one move */
	bool ahead;      /* see library_options */
	bool instant;    /* nothing takes time */
	bool durable;    /* see volume_open() */
};

/* How a library on disk is used. */
struct library_options {
	const char *program; /* that others are told of */
	int drive;           /* this one only; -1: any */
	bool reading;        /* drives need not write the medium */
	/*
	 * While a volume is written on, the next one is loaded into another
	 * drive, if one is free; and what is given back is unloaded while the
	 * next is written on: only the missing filemark is waited for.
	 */
	bool ahead;
	bool instant; /* nothing takes time */
	bool durable; /* see volume_open() */
	bool marks;   /* library_inherit() gets what is only read */
	/*
	 * Called when every drive, or the volume that was named, is in use;
	 * the message says by whom.  True: waited, try again.  NULL: never
	 * waits.
	 */
	bool (*wait)(void *arg, const char *message);
	void *wait_arg;
	/*
	 * Called with what went wrong in the library and stops nothing, such
	 * as a fault that could not be marked as spent.  NULL: nobody asks.
	 */
	void (*warn)(void *arg, const char *message);
	void *warn_arg;
};

/* Why a volume was not handed out. */
struct library_load_failure {
	char barcode[VOLUME_BARCODE_BYTES]; /* "": no volume was meant */
	bool in_use; /* it, or each drive: it may be had later */
};

/* What is known of the volume in a slot. */
struct library_volume {
	const char *path;           /* until library_free() */
	const char *barcode;        /* as in its path, until it is loaded */
	bool loaded;                /* it lies in a drive */
	bool labelled;              /* through this library */
	bool written;               /* anything at all, likewise */
	struct volume_position end; /* EOD, if it was ever loaded */
	/* Why it could not be loaded, or see volume_storage_error(); until it is
	 * loaded again. */
	const char *lost;
};

/*
 * The path of a volume in a folder, FOLDER/BARCODE.tape; the caller frees it.
 * NULL if there is no memory.
 */
char *library_volume_path(const char *folder, const char *barcode);

/*
 * Makes a library in a folder, which is made if it is not there, with its
 * cartridges in the first slots: the volumes, then those that clean.  Returns
 * 0, or -1 and a message; then none of it is there but the folder.  A process
 * that is killed meanwhile leaves nothing that hinders the next.
 */
int library_create(const char *folder, const struct changer_spec *spec,
    const struct library_stock *stock, bool durable,
    char message[VOLUME_MESSAGE_BYTES]);

/*
 * Opens no volume yet.  NULL if there is no memory, two volumes have the same
 * barcode, or there are more than CHANGER_DRIVES_MAX drives.
 */
struct library *library_new(const struct library_spec *spec);

/*
 * Uses the library in a folder, which several may do at once.  With
 * `options->drive`, what lies in that drive is handed out first, and stays
 * there when it is given back, if a person put it there.  Opens no volume yet,
 * and takes no drive.  NULL and a message if there is no such library, it
 * cannot be written to, or has no such drive.
 */
struct library *library_open(const char *folder,
    const struct library_options *options, char message[VOLUME_MESSAGE_BYTES]);

/*
 * Unloads what is loaded, as with TAPE_CLOSE_GOOD, and gives the drives back.
 * NULL is allowed.
 */
void library_free(struct library *library);

/*
 * The library as the splitter sees it.  A volume that cannot be opened, that
 * no drive here can take, or that is another than its barcode says, is answered
 * with TAPE_MEDIUM_ERROR, and is not changed; so is a move of the robot that failed.
 * A volume that is in use in a drive cannot be loaded by its name:
 * TAPE_INVALID.
 */
struct tape_library *library_tapes(struct library *library);

/*
 * Which volume the last load did not hand out, and why; without a barcode
 * where it did, or there was none to hand out.
 */
void library_get_load_failure(const struct library *library,
    struct library_load_failure *missed);

/* Drive `i`, from 0, or NULL: to set its options and to make it fail. */
struct drive *library_drive(struct library *library, size_t i);

/* Its elements and its robot, to look at and to make fail. */
struct changer *library_changer(struct library *library);

/* How many volumes library_volume_get() tells of. */
size_t library_volume_count(const struct library *library);

/*
 * Has library_verify_volume() tell also of volumes that were read through another
 * session of the same library, which was opened with `marks`.  0, or -1 without
 * memory.
 */
int library_inherit(struct library *library, const struct library *from);

/*
 * Whether volume `i`, counted so, which was written through this library on
 * disk, or inherited, still holds what it held when it was given back.  It is
 * lost where somebody wrote over it, or put another file in its place; it is not seen
 * where it has left the library, or others write on it now.  `why` says so of
 * either.  A volume that lies in a drive of this session is not given back yet.
 */
enum volume_match library_verify_volume(struct library *library, size_t i,
    char why[VOLUME_MESSAGE_BYTES]);

/*
 * About volume `i`, from 0: by slot in a library in memory; in one on disk
 * those that were handed out, in that order.
 */
void library_volume_get(const struct library *library, size_t i,
    struct library_volume *out);

#endif

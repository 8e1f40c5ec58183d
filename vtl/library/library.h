/*
 * library.h: is a virtual tape library for the splitter: it loads volumes into
 * drives, and unloads them.
 *
 * Invariants:
 *
 *  1. Volumes are loaded in the order of their slots, each once by each struct
 *     library, except after library_release().
 *  2. A volume is open only while it is in a drive.
 *  3. After an unload with TAPE_CLOSE_AVOID_DRIVE, this struct library loads no
 *     other volume into that drive.
 *  4. A volume that was unloaded with TAPE_CLOSE_REFUSED, or on which nothing
 *     was written, is unchanged, byte by byte.
 *  5. If several processes use one library, no two of them get the same volume
 *     or drive.  A process keeps a drive until library_free() or until it ends,
 *     even if it is killed.
 *  6. Cleaning cartridges are not loaded.  A volume that no drive can write is
 *     loaded for writing only if it is in the requested drive; then that
 *     drive refuses to write (drive.h).
 *
 * With `load_ahead`, a volume that was loaded ahead but never requested does
 * not count as loaded.
 *
 * There is one robot, which makes one move at a time.  A load is complete when
 * the robot has moved the cartridge and the drive has loaded it.  An unload is
 * complete when the drive has unloaded; the move back to the slot is requested
 * then, so that a load that is requested before it comes first.
 *
 * One thread at a time uses a struct library.
 */
#ifndef VTL_LIBRARY_H
#define VTL_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "splitter/tape/tape.h"
#include "vtl/changer/changer.h"
#include "vtl/library/pace.h"
#include "vtl/model/model.h"
#include "vtl/volume/volume.h"
#include "vtl/volume/fingerprint.h"

struct library;

/* The cartridges of a new library on disk. */
struct library_stock {
	const struct volume_spec *volumes;
	size_t volume_count;
	const char *const *cleaning; /* barcodes, "CLN..." */
	size_t cleaning_count;
	/* when the volumes are made, YYYYMMDD; NULL: they do not say */
	const char *date;
};

/* A library in memory, with existing volumes. */
struct library_spec {
	const char *const *paths; /* paths of the volumes, in slot order */
	/*
	 * media type of each volume, as in volume_spec; NULL: see the barcodes
	 */
	const char *const *media;
	size_t volume_count;
	const struct model *const *drives; /* the caller keeps this valid */
	size_t drive_count;
	int64_t move_ns; /* duration of one move of the robot */
	bool load_ahead; /* see library_options */
	bool instant;    /* operations take no time */
	bool durable;    /* see volume_open() */
};

/* How a library on disk is used. */
struct library_options {
	const char *program; /* name of this program, for other programs */
	int drive;           /* use only this drive; -1: any */
	bool reading;        /* a drive that can only read is enough */
	/*
	 * Load the next volume into another drive, if one is free, while a
	 * volume is written; and unload a volume while the next one is
	 * written: the caller waits only for a missing filemark.
	 */
	bool load_ahead;
	bool instant; /* operations take no time */
	bool durable; /* see volume_open() */
	/* Take the fingerprint of volumes that are only read, too. */
	bool fingerprints;
	/*
	 * Called if every drive, or the requested volume, is in use; the
	 * message says by whom.  Waits for a moment and returns true to try
	 * again.  NULL: do not wait.
	 */
	bool (*wait)(void *arg, const char *message);
	void *wait_arg;
	/*
	 * Called with an error that stops nothing, such as a fault that could
	 * not be removed.  NULL: ignore it.
	 */
	void (*warn)(void *arg, const char *message);
	void *warn_arg;
};

/* Why a load failed. */
struct library_load_failure {
	char barcode[VOLUME_BARCODE_BYTES]; /* "": the volume is not certain */
	bool in_use; /* the volume or every drive: try later */
};

/*
 * A fault of the robot or of a drive, or a defect of a medium, that struck.
 * Exactly one of the first four members is set.
 */
struct library_incident {
	int64_t robot_fault; /* number of the fault in the changer; or 0 */
	bool unreadable;     /* the robot could not read the barcode */
	const struct drive_fault *fault;
	const struct volume_defect *defect;
	const char *barcode;  /* of the medium, or that the robot was to move */
	int drive;            /* from 0; -1: none */
	uint64_t medium_byte; /* FAULT, DEFECT: from BOT */
	int64_t now_ns;       /* of a drive: on its model clock */
};

/* The pointers are valid during the call. */
typedef void library_observer(void *arg,
    const struct library_incident *incident);

/* The properties of a volume. */
struct library_volume {
	const char *path;    /* valid until library_free() */
	const char *barcode; /* from its path, until it is loaded */
	bool loaded;         /* the volume is in a drive */
	bool labelled;       /* a label was written through this library */
	bool written;        /* anything was written through this library */
	struct volume_position end; /* EOD, if the volume was ever loaded */
	/*
	 * Why the volume could not be loaded, or its storage error (see
	 * volume_storage_error()); "" if there is neither.  The next load
	 * resets it.
	 */
	const char *lost;
};

/* Returns FOLDER/BARCODE.tape, which the caller frees.  NULL without memory. */
char *library_volume_path(const char *folder, const char *barcode);

/*
 * Makes a library, and its folder if it does not exist, with its cartridges in
 * the first slots: the volumes, then the cleaning cartridges.  Returns 0, or -1
 * and a message; then only the folder may exist.  After a process was killed
 * here, the same call makes the library.
 */
int library_create(const char *folder, const struct changer_spec *spec,
    const struct library_stock *stock, bool durable,
    char message[VOLUME_MESSAGE_BYTES]);

/*
 * Makes a library in memory; opens no volume.  Returns NULL without memory, if
 * two volumes have the same barcode, or for more than CHANGER_DRIVES_MAX
 * drives.
 */
struct library *library_new(const struct library_spec *spec);

/*
 * Opens the library in a folder; several processes can do so.  Opens no volume
 * and acquires no drive.  With `options->drive`, the volume in that drive comes
 * first, and stays there after its unload if it was loaded by hand.  NULL and a
 * message if there is no library, it cannot be written, or it lacks the drive.
 */
struct library *library_open(const char *folder,
    const struct library_options *options, char message[VOLUME_MESSAGE_BYTES]);

/*
 * Unloads the loaded volumes with TAPE_CLOSE_GOOD, and frees the drives for
 * other processes.  NULL is allowed.
 */
void library_free(struct library *library);

/*
 * Ends the use of all drives as the death of the program does: nothing is
 * written on the loaded volumes any more, and their tapes are freed.  What the
 * drives have in their buffers reaches the medium or, with `power`, is lost: the
 * power has failed.  Only library_free() may follow.
 */
void library_abandon(struct library *library, bool power, int64_t now_ns);

/*
 * Makes the operations of the library and of its tapes last as long as the
 * models say, in real time or, with `speed_permille`, faster or slower
 * (pace.h).  Call it before the first load.  The clock must outlive the
 * library.  A library that is `instant` has nothing to pace but its robot.
 */
void library_set_pace(struct library *library, const struct pace_clock *clock,
    uint32_t speed_permille);

/*
 * Returns the library as the splitter sees it.  A load fails with
 * TAPE_MEDIUM_ERROR, and changes no volume, if the volume cannot be opened, no
 * drive can use it, its label has another barcode than requested, or the robot
 * failed.  A load by barcode of a volume in use fails with TAPE_INVALID.
 */
struct tape_library *library_tapes(struct library *library);

/*
 * Gets which volume the last load failed to load, and why.  The barcode is ""
 * if the load succeeded, or there was no volume.
 */
void library_get_load_failure(const struct library *library,
    struct library_load_failure *failure);

/*
 * Prepares the library for several users, who all load and unload through this
 * struct library, at times that never go back.  A load then takes a drive only
 * when that has unloaded its last volume; without such a drive it fails, and
 * library_get_load_failure() says `in_use`: the load can be tried again after
 * an unload, or at library_drive_free_ns().  In a library that is paced, loads
 * and unloads then do not sleep: the user does, until the result's done_ns,
 * without whatever keeps the others out.
 */
void library_set_shared(struct library *library);

/*
 * Returns the present time of the models: now_ns, or that of the clock by which
 * the library is paced.
 */
int64_t library_model_ns(const struct library *library, int64_t now_ns);

/*
 * Allows a volume that was loaded and unloaded to be loaded again: after all
 * volumes that were not loaded yet, and after those that were released before.
 * Returns 0, or -1 without memory.
 */
int library_release(struct library *library, const char *barcode);

/*
 * Returns when the first of the empty drives that still unload at `now_ns` will
 * have unloaded; INT64_MAX: there is no such drive.
 */
int64_t library_drive_free_ns(const struct library *library, int64_t now_ns);

/*
 * Returns drive `i`, from 0, or NULL.  The caller may set its options and
 * faults.
 */
struct drive *library_drive(struct library *library, size_t i);

/*
 * Calls `observer` at each strike of a fault of the robot, of a fault of a drive
 * that is not stored in the library, and of a defect; from the thread that uses
 * the library or its tape.
 */
void library_observe(struct library *library, library_observer *observer,
    void *arg);

/* Returns the time that the robot has spent, or will spend, in its moves. */
int64_t library_robot_busy_ns(const struct library *library);

/* Returns the changer of the library: its elements and its robot. */
struct changer *library_changer(struct library *library);

/* Returns the number of volumes for library_volume_get(). */
size_t library_volume_count(const struct library *library);

/*
 * Copies the fingerprints of `from`, another struct library of the same library
 * on disk, for library_verify_volume().  Returns 0, or -1 without memory.
 */
int library_copy_fingerprints(struct library *library,
    const struct library *from);

/*
 * Checks that volume `i`, as for library_volume_get(), still matches the
 * fingerprint that was taken when it was unloaded.  `why` is the reason if the
 * volume does not match, or cannot be checked because it has left the library
 * or is in use.  A volume without a fingerprint, or in a drive of this struct
 * library, matches.
 */
enum volume_match library_verify_volume(struct library *library, size_t i,
    char why[VOLUME_MESSAGE_BYTES]);

/*
 * Finds the volume with this barcode.  Returns false if there is none, or sets
 * `*i` for library_volume_get().
 */
bool library_volume_find(const struct library *library, const char *barcode,
    size_t *i);

/*
 * Gets volume `i`, from 0.  A library in memory counts its volumes by slot; a
 * library on disk counts those that were loaded, in the order of loading.
 */
void library_volume_get(const struct library *library, size_t i,
    struct library_volume *out);

#endif

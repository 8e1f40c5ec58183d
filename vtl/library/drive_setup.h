/*
 * drive_setup.h: gives a drive the behaviour and the faults that a library on
 * disk has for it, and stores which faults struck.
 *
 * Invariants:
 *
 *  1. A fault with `once` strikes in one process: it is spent in the library
 *     before it applies.
 *  2. The first strike of each fault is stored at once, and that of a defect
 *     after each load; the later ones by drive_setup_store_strikes().
 *
 * A drive and its setup are used by one thread at a time.
 */
#ifndef VTL_DRIVE_SETUP_H
#define VTL_DRIVE_SETUP_H

#include <pthread.h>

#include "vtl/changer/changer.h"
#include "vtl/drive/drive.h"

/*
 * A fault that the drive has, or a defect of its volume that has struck, and
 * its strikes that are not stored yet.
 */
struct drive_setup_fault {
	int64_t id;
	char barcode[VOLUME_BARCODE_BYTES]; /* of the defect; "": a fault */
	uint64_t strikes;
	bool struck;  /* the first strike is stored */
	bool unknown; /* a defect that is no fault of this library */
};

struct drive_setup {
	/* The caller sets these; they outlive the setup. */
	struct changer *changer;
	pthread_mutex_t *lock; /* held while `changer` is used; NULL: none */
	struct drive *drive;
	const struct model *model;
	unsigned number;
	/* Changes the random faults; 0: the client of `changer`. */
	uint64_t session;
	/* The drive takes no time: it may hold its buffer. */
	bool instant;
	/*
	 * Called with an error that stops nothing, such as a strike that could
	 * not be stored.  NULL: ignore it.
	 */
	void (*warn)(void *arg, const char *message);
	void *warn_arg;

	/* Called when a fault strikes, before it applies.  NULL: ignore it. */
	void (*struck)(void *arg, int64_t id);
	void *struck_arg;

	/*
	 * Called at each strike of a fault without an id, and of a defect.
	 * NULL: ignore it.
	 */
	void (*observer)(void *arg, unsigned drive,
	    const struct drive_strike *strike);
	void *observer_arg;

	bool is_set_up;
	struct drive_options behaviour; /* as it was read */
	struct drive_setup_fault *faults;
	size_t faults_count;
};

/* Makes the drive report its strikes; drive_setup_begin() does so too. */
void drive_setup_watch(struct drive_setup *setup);

/*
 * Sets behaviour and faults of the drive, which must be empty, unless this was
 * done already.
 */
enum changer_status drive_setup_begin(struct drive_setup *setup);

/* The same, and counts a load of the drive.  Call this before each load. */
enum changer_status drive_setup_before_load(struct drive_setup *setup);

/*
 * Reads the faults again: adds the new ones, which count from now on, and
 * removes those that the library no longer has.  `now_ns` is the present time
 * of the model.
 */
enum changer_status drive_setup_read_faults(struct drive_setup *setup,
    int64_t now_ns);

/*
 * Reads the behaviour again.  *changed: the drive has other options than it had
 * before.  The buffer of the drive must be empty.
 */
enum changer_status drive_setup_read_behaviour(struct drive_setup *setup,
    bool *changed);

/*
 * Removes all faults from the drive, as if the library had none: the library is
 * exchanged, and the numbers are those of other faults then.
 */
void drive_setup_forget_faults(struct drive_setup *setup);

/* Stores the strikes that are not stored yet. */
void drive_setup_store_strikes(struct drive_setup *setup);

/* The same, after the volume has left the drive. */
void drive_setup_unloaded(struct drive_setup *setup);

/* Frees what the setup owns. */
void drive_setup_end(struct drive_setup *setup);

#endif

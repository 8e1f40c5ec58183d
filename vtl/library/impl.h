/*
 * impl.h: what the files of the library share.
 *
 *     pace.c         the model clocks of the drives
 *     state.c        the known volumes, and the time of the robot
 *     vtape_result.c translates results of drives
 *     vtape_condition.c  counters, and the memory of the cartridge
 *     vtape.c        the tape interface of a drive
 *     drive_setup.c  sets behaviour and faults of the drives
 *     unload.c       unloads volumes
 *     load.c         loads volumes
 *     load_ahead.c   loads the next volume before it is requested
 *     tapes.c        the operations of struct tape_library
 *     library.c      opens and closes libraries
 *     abandon.c      the state after a program was killed
 *     create.c       makes libraries on disk
 *     verify.c       checks the fingerprints of volumes
 *
 * A file calls only files above it in this list.
 */
#ifndef VTL_LIBRARY_IMPL_H
#define VTL_LIBRARY_IMPL_H

#include "vtl/base/alert.h"
#include "vtl/drive/drive.h"
#include "vtl/library/drive_setup.h"
#include "vtl/library/library.h"
#include "vtl/library/pace.h"
#include "vtl/volume/usage.h"
#include "vtl/volume/history.h"

/* A volume that was loaded, or that is in a library in memory. */
struct known_volume {
	int64_t id; /* id of the cartridge in the changer */
	char *path;
	char barcode[VOLUME_BARCODE_BYTES];
	struct tape *tape; /* NULL if it is in no drive */
	bool labelled, written;
	struct volume_fingerprint fingerprint; /* taken at its last unload */
	struct volume_position end;
	char lost[VOLUME_MESSAGE_BYTES];
};

struct bay {
	struct drive *drive;
	struct model model; /* model of the drive */
	struct drive_setup setup;
	int64_t id;      /* id of the cartridge in it; 0: empty */
	int64_t free_ns; /* when the drive has unloaded, or will have */
	/*
	 * The moves back to the slot that the robot has not begun yet, and
	 * when they are due; 0: none.
	 */
	unsigned return_moves;
	int64_t return_ns;
	struct pace pace; /* the model clock of the drive */
};

/* The volume that was loaded ahead. */
struct prefetch {
	bool is_ready;
	bool is_loading;      /* a load ahead is in progress: do not wait */
	unsigned next_before; /* library->next before this load */
	struct tape *tape;    /* NULL: the load failed, see `result` */
	struct tape_result result;
};

struct library {
	struct tape_library base; /* must be first: it is cast to this */
	struct changer *changer;
	struct known_volume *known;
	size_t known_count;
	struct bay *bays;
	bool *failed; /* for each drive: do not use it */
	bool *avoid;  /* for each drive: do not use it for this load */
	size_t bay_count;
	unsigned next;         /* the last slot that was loaded */
	bool started;          /* at least one volume was loaded */
	int64_t robot_ns;      /* when the robot becomes idle */
	int64_t robot_busy_ns; /* time of all its moves */
	bool shared;           /* see library_set_shared() */
	/* Barcodes of volumes to load again, in this order; owned. */
	char (*released)[VOLUME_BARCODE_BYTES];
	size_t released_count;
	int64_t move_ns;
	struct prefetch prefetch;
	struct pace pace; /* the model clock of loads */
	struct library_load_failure failure;
	struct library_options options;
	library_observer *observer; /* NULL: not observed */
	void *observer_arg;
};

/* state.c */

/* Sets the result of a load that failed; returns NULL. */
struct tape *library_fail_load(struct tape_result *result,
    enum tape_cause cause, const char *message);

/* Returns false for a library in memory. */
bool library_is_on_disk(const struct library *library);

/* Returns the volume with this cartridge id, or NULL. */
struct known_volume *library_find_known(const struct library *library,
    int64_t id);

/* Adds a known volume.  Returns NULL without memory. */
struct known_volume *library_add_known(struct library *library, int64_t id,
    const char *barcode, const char *file);

/*
 * Returns when the robot ends `moves` moves that are requested now.  Moves back
 * to a slot that are due by now come first, in the order of (time, drive).
 */
int64_t library_robot_moves(struct library *library, unsigned moves,
    int64_t now_ns);

/*
 * The robot moves the cartridge of this drive back to its slot, not before
 * `due_ns`.  Until then it may make other moves.
 */
void library_return_at(struct library *library, struct bay *bay, unsigned moves,
    int64_t due_ns);

/*
 * Makes the robot move the last cartridge of this drive back, if it has not:
 * another one must be moved into the drive.
 */
void library_return_now(struct library *library, struct bay *bay);

/* vtape_condition.c */

/* What a drive has counted since a volume was loaded. */
struct vtape_tally {
	struct alert_tally done[2]; /* of writing and reading */
	uint64_t alerts;            /* TapeAlert flags: alert.h */
	struct volume_wear wear;    /* of the volume, with this load */
	struct volume_usage usage;  /* the same, except this load: see `done` */
	/* counts of the drive at the load, and the end of the last operation */
	uint64_t retries, turns;
	int64_t now_ns;
};

/* A volume was loaded: its history is read. */
void vtape_tally_begin(struct vtape_tally *tally, struct drive *drive,
    int64_t now_ns);

/* Adds what was written and read to the history of the volume. */
void vtape_tally_end(struct vtape_tally *tally, struct volume *volume);

/* Takes note of the result of an operation, such as "write". */
void vtape_tally_take(struct vtape_tally *tally, const char *doing,
    const struct drive_result *answer);

/* tape_ops.condition, from the tally and the volume in the drive. */
struct tape_condition;
void vtape_get_condition(struct drive *drive, struct vtape_tally *tally,
    struct tape_condition *condition);

/* vtape_result.c */

/* Translates the result of an operation at `place`, like vtape_translate(). */
void vtape_translate_at(const struct tape *tape, const struct drive *drive,
    const char *doing, const struct volume_position *place,
    const struct drive_result *answer, struct tape_result *result);

/* unload.c */

/*
 * Takes the volume out of a drive, by hand if the unload fails.  The result is
 * the first error, if any.
 */
struct volume *library_eject(struct drive *drive, int64_t now_ns,
    struct drive_result *answer);

/* Unloads a tape; see struct tape_library_ops. */
void library_unload(struct library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result);

/* load.c */

/* Loads the next volume by slot. */
struct tape *library_load_next(struct library *library, int64_t now_ns,
    struct tape_result *result);

/* Loads the volume with this barcode. */
struct tape *library_load_named(struct library *library, const char *barcode,
    int64_t now_ns, struct tape_result *result);

/* load_ahead.c */

/*
 * Returns the next volume, which may be loaded already; then loads the
 * following volume.
 */
struct tape *library_load_ahead(struct library *library, int64_t now_ns,
    struct tape_result *result);

/* Unloads a volume that was loaded ahead; it becomes the next one again. */
void library_undo_load_ahead(struct library *library, int64_t now_ns);

/* tapes.c */

extern const struct tape_library_ops library_ops;

#endif

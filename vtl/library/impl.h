/*
 * impl.h: what the files of the library share.
 *
 *     state.c        what is known of cartridges, and of the robot
 *     unload.c       takes volumes back
 *     drive_setup.c  what the drives of one on disk differ in, and fail at
 *     load.c         hands volumes out
 *     load_ahead.c   loads the next one before it is asked for
 *     tapes.c        the library as the splitter sees it
 *     library.c      opening, closing, looking
 *     create.c       making one on disk
 *     verify.c       whether volumes hold what was written
 *
 * A file calls only files above it in this list.
 */
#ifndef VTL_LIBRARY_IMPL_H
#define VTL_LIBRARY_IMPL_H

#include "vtl/drive/drive.h"
#include "vtl/library/library.h"

/* A cartridge that is known. */
struct known_volume {
	int64_t id; /* of the cartridge, in the changer */
	char *path;
	char barcode[VOLUME_BARCODE_BYTES];
	struct tape *tape; /* while it lies in a drive */
	bool labelled, written;
	struct volume_fingerprint mark; /* as it was when it was closed */
	struct volume_position end;
	char lost[VOLUME_MESSAGE_BYTES];
};

struct bay {
	struct drive *drive;
	struct model model; /* of the drive; see add_drive() */
	bool is_set_up;     /* see library_set_up_drive() */
	int64_t id;         /* of the cartridge in it; 0: empty */
	int64_t free_ns;    /* when it has unloaded, and nobody waited */
};

/* What came of loading a volume before it was asked for. */
struct ahead {
	bool there;
	bool trying;       /* it is being loaded: waits for no drive */
	unsigned before;   /* `next` of the library, before that */
	struct tape *tape; /* NULL: it could not be loaded, and why */
	struct tape_result result;
};

struct library {
	struct tape_library base; /* first: cast to this */
	struct changer *changer;
	struct known_volume *known;
	size_t known_count;
	struct bay *bays;
	bool *failed; /* of each drive */
	size_t bay_count;
	unsigned next;    /* slots up to it were handed out */
	bool started;     /* the first was asked for */
	int64_t robot_ns; /* when the robot has nothing to do */
	int64_t move_ns;
	struct ahead ahead;
	struct library_load_failure missed;
	struct library_options options;
};

/* state.c */

/* Says why no tape is handed out; returns NULL. */
struct tape *library_fail_load(struct tape_result *result,
    enum tape_cause cause, const char *message);

/* The cartridge of this number, or NULL. */
struct known_volume *library_find_known(const struct library *library,
    int64_t id);

/* Takes note of a cartridge; NULL if there is no memory. */
struct known_volume *library_add_known(struct library *library, int64_t id,
    const char *barcode, const char *file);

/* When `moves` of the robot are done that are asked for now. */
int64_t library_robot_moves(struct library *library, unsigned moves,
    int64_t now_ns);

/* unload.c */

/*
 * Takes the volume out of a drive, by hand if need be; the answer is the first
 * error, if there was one.
 */
struct volume *library_eject(struct drive *drive, int64_t now_ns,
    struct drive_result *answer);

/* Gives a tape back, as struct tape_library_ops says. */
void library_unload(struct library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result);

/* drive_setup.c */

/*
 * Before a load into the drive: counts it, and, the first time in a library on
 * disk, has the drive behave and fail as is kept there.  In memory: nothing.
 */
enum changer_status library_set_up_drive(struct library *library,
    unsigned number);

/* load.c */

/* The next volume by slot. */
struct tape *library_load_next(struct library *library, int64_t now_ns,
    struct tape_result *result);

/* The volume with that barcode. */
struct tape *library_load_named(struct library *library, const char *barcode,
    int64_t now_ns, struct tape_result *result);

/* load_ahead.c */

/* The next volume, which may be in a drive already; then the one behind it. */
struct tape *library_load_ahead(struct library *library, int64_t now_ns,
    struct tape_result *result);

/* Puts back what was loaded ahead, if anything: it is the next one again. */
void library_undo_load_ahead(struct library *library, int64_t now_ns);

/* tapes.c */

extern const struct tape_library_ops library_ops;

#endif

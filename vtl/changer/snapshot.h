/*
 * snapshot.h: copies of a library on disk: snapshots, which lie in its folder
 * and can be restored, and clones, which are libraries of their own.
 *
 * A snapshot is the folder snapshots/NAME of the library: its library.db and
 * the files of its volumes.
 *
 * Invariants:
 *
 *  1. A snapshot, a clone and a restore are complete or not there, also if the
 *     process is killed.  (A killed clone may leave a folder NEW.new-PID.)
 *  2. A restore that was killed is completed by the next process that opens or
 *     changes the library, before it does anything else; or is undone, if the
 *     disk is full.  Until it is complete, everything that it replaces is kept.
 *  3. Nothing is copied or replaced that another client uses: CHANGER_IN_USE.
 *     A program that is the client of its drives must have closed its volumes.
 *  4. Clients are not part of a snapshot: a restore leaves this program its
 *     drives.
 *
 * Functions return what those of changer.h return.  `durable`: wait for the
 * disk.
 */
#ifndef VTL_CHANGER_SNAPSHOT_H
#define VTL_CHANGER_SNAPSHOT_H

#include "vtl/changer/changer.h"

enum { CHANGER_SNAPSHOT_NAME_BYTES = 65 };

/*
 * Takes a snapshot.  A name is 1 to 64 letters, digits, '-', '_' and '.', and
 * begins with a letter or a digit.  CHANGER_REFUSED: the name is not valid, or
 * is taken.
 */
enum changer_status changer_take_snapshot(struct changer *changer,
    const char *name, bool durable);

/*
 * Return what a snapshot, a restore or a clone would be refused for before it
 * copies anything: its name, or that of the folder.  A program that must close its
 * volumes first need not do so for that.
 */
enum changer_status changer_check_snapshot(struct changer *changer,
    const char *name);
enum changer_status changer_check_restore(struct changer *changer,
    const char *name);
enum changer_status changer_check_clone(struct changer *changer,
    const char *folder);

struct changer_snapshot {
	char name[CHANGER_SNAPSHOT_NAME_BYTES];
	int64_t time_s; /* when it was taken, since the Epoch */
	uint64_t volumes;
};

/* Gets all snapshots by name.  The caller frees the array. */
enum changer_status changer_list_snapshots(struct changer *changer,
    struct changer_snapshot **snapshots, size_t *count);

/* CHANGER_REFUSED: there is no such snapshot. */
enum changer_status changer_remove_snapshot(struct changer *changer,
    const char *name);

/* What a restore does to a volume. */
enum changer_loss {
	CHANGER_LOSS_CHANGES, /* it was changed since: it becomes as it was */
	CHANGER_LOSS_VOLUME   /* it is not in the snapshot: it is removed */
};

/*
 * Calls `each` for the volumes of the library that a restore would change or
 * remove.  A volume counts as changed if its file has another size or time.
 */
enum changer_status changer_compare_snapshot(struct changer *changer,
    const char *name,
    void (*each)(void *arg, const char *barcode, enum changer_loss loss),
    void *arg);

/*
 * Makes the library what it was when the snapshot was taken: cartridges, their
 * places and contents, faults, behaviour.  What changer_compare_snapshot() names
 * is lost.  The snapshot stays.  CHANGER_IN_USE: another client has drives.
 */
enum changer_status changer_restore_snapshot(struct changer *changer,
    const char *name, bool durable);

/*
 * Copies the library, without its snapshots, to a new folder.  The devices of
 * the clone get new serial numbers and NAA, since multipath would take equal
 * ones on one host for one device.  CHANGER_REFUSED: there is something of this
 * name already.
 */
enum changer_status changer_clone(struct changer *changer, const char *folder,
    bool durable);

#endif

/*
 * drive_settings.h: stores the behaviour and the faults of the drives of a
 * library on disk.
 *
 * Invariants:
 *
 *  1. Both apply to each client that acquires the drive afterwards.
 *  2. A fault with `once` strikes one client; then it is spent, and stays in
 *     the list.
 *
 * Functions return what those of changer.h return.  Drives are numbered from 0.
 */
#ifndef VTL_CHANGER_DRIVE_H
#define VTL_CHANGER_DRIVE_H

#include "vtl/changer/changer.h"
#include "vtl/drive/fault.h"
#include "vtl/drive/options.h"

/*
 * Stores how the drive differs from its model, except `holds`, `seed`
 * and `session`.
 */
enum changer_status changer_set_behaviour(struct changer *changer,
    unsigned drive, const struct drive_options *options);

/*
 * Gets how the drive differs from its model.  `session` becomes the client of
 * this changer, or 0.
 */
enum changer_status changer_get_behaviour(struct changer *changer,
    unsigned drive, struct drive_options *options);

struct changer_drive_fault {
	int drive;                /* -1: each drive, which counts alone */
	struct drive_fault fault; /* fault.id is the number of the fault */
	uint64_t strikes;         /* how often it has applied */
};

/* Stores a fault; its id and its strikes are ignored. */
enum changer_status changer_add_drive_fault(struct changer *changer,
    const struct changer_drive_fault *fault);

/* Gets the faults of all drives.  The caller frees the array. */
enum changer_status changer_list_drive_faults(struct changer *changer,
    struct changer_drive_fault **faults, size_t *count);

/*
 * Counts strikes of a fault.  One that applies once is counted before it is
 * applied.  CHANGER_REFUSED: the fault is spent or was removed, so it must not
 * be applied.
 */
enum changer_status changer_strike_drive_fault(struct changer *changer,
    int64_t id, uint64_t strikes);

/*
 * Counts a load of the drive.  *loads is the number of loads between the last
 * cleaning and this load.
 */
enum changer_status changer_count_load(struct changer *changer, unsigned drive,
    uint64_t *loads);

/*
 * Exchanges a drive, from 0, for one of another model, which is compiled in.
 * Its behaviour and its faults stay.  CHANGER_REFUSED: a client uses it, or it
 * holds a cartridge.
 */
enum changer_status changer_set_model(struct changer *changer, unsigned drive,
    const struct model *model);

#endif

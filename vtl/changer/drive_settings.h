/*
 * drive_settings.h: what a library on disk keeps of its drives: what each
 * differs in from its model, and how it is to fail.
 *
 * Invariants:
 *
 *  1. What is kept holds for each session that takes the drive from then on.
 *  2. A fault that strikes once is met by one session; then it is gone.
 *
 * Functions answer as those of changer.h do.  A drive is named by its number,
 * from 0.  In a library of an older format, which is only looked at, all
 * drives are as their models, and none fails.
 */
#ifndef VTL_CHANGER_DRIVE_H
#define VTL_CHANGER_DRIVE_H

#include "vtl/changer/changer.h"
#include "vtl/drive/fault.h"
#include "vtl/drive/options.h"

/*
 * What the drive differs in.  Not kept are `holds`, `seed`, `session` and
 * `volume_life_loads`.
 */
enum changer_status changer_set_behaviour(struct changer *changer,
    unsigned drive, const struct drive_options *options);

/* The same; `session` is that of this changer, if it has one. */
enum changer_status changer_get_behaviour(struct changer *changer,
    unsigned drive, struct drive_options *options);

struct changer_drive_fault {
	int drive;                /* -1: any, each by itself */
	struct drive_fault fault; /* its id is its number there */
};

/* Keeps a fault; its id is not looked at. */
enum changer_status changer_add_drive_fault(struct changer *changer,
    const struct changer_drive_fault *fault);

/* The array is the caller's to free. */
enum changer_status changer_list_drive_faults(struct changer *changer,
    struct changer_drive_fault **faults, size_t *count);

/*
 * Removes the fault with this id.  CHANGER_REFUSED where it is gone already:
 * somebody else has met it.
 */
enum changer_status changer_spend_drive_fault(struct changer *changer,
    int64_t id);

/* Counts a load of the drive; `loads`: those before since it was cleaned. */
enum changer_status changer_count_load(struct changer *changer, unsigned drive,
    uint64_t *loads);

#endif

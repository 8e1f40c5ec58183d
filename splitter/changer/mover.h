/*
 * mover.h: which cartridge a changer may move, and where to.
 *
 * Invariants:
 *
 *  1. Only the named cartridges are moved, and of these none that cleans or
 *     tests a drive.
 *  2. A cartridge is moved from a slot into an empty drive, or from a drive
 *     into its own slot, which is empty: the one from which the mover took it,
 *     or the source that the changer reports.  Never into an import/export
 *     element.
 *  3. The inventory is read before and after each move.  The one before must be
 *     that after the move before; the one after must differ by this move alone.
 *     Otherwise the mover stops: it moves nothing any more.
 *  4. A move is sent again only if the changer reported a unit attention
 *     instead, and the inventory shows that nothing was moved.
 */
#ifndef SPLITTER_CHANGER_MOVER_H
#define SPLITTER_CHANGER_MOVER_H

#include "splitter/changer/autochanger.h"

struct mover;

/*
 * Reads the inventory.  The mover uses the changer until it is freed, and keeps
 * the names, but does not own them.  NULL with a message.
 */
struct mover *mover_new(struct autochanger *changer, const char *const *names,
    size_t names_count, char *err, size_t err_bytes);

/* The inventory that was read last.  It changes with each other call. */
const struct inventory *mover_inventory(const struct mover *mover);

/*
 * Reads the inventory again.  0; -1 with a message: it cannot be read, or
 * another hand has changed it, and the mover stops.
 */
int mover_check(struct mover *mover, char *err, size_t err_bytes);

/*
 * Returns whether the cartridge is one of the names, in a slot, and may be
 * moved.  Otherwise writes a sentence.
 */
bool mover_may_load(const struct mover *mover, const char *barcode, char *err,
    size_t err_bytes);

/*
 * Puts the cartridge into the drive with this address, after the one in it was
 * put away.  0: the changer reports that the cartridge with this barcode is in
 * the drive.  -1 with a message.
 */
int mover_load(struct mover *mover, unsigned drive, const char *barcode,
    char *err, size_t err_bytes);

/*
 * Puts the cartridge in a drive into its own slot; does nothing if the drive is
 * empty.  The drive must have unloaded it.  0, or -1 with a message.
 */
int mover_put_away(struct mover *mover, unsigned drive, char *err,
    size_t err_bytes);

/*
 * Returns the slot to which the cartridge in a drive belongs, or NULL: not
 * known.
 */
const struct element *mover_home(const struct mover *mover,
    const struct element *drive);

/*
 * Calls `each` for each named cartridge that is not in its slot, as far as the
 * last inventory shows: it is in a drive, or was moved and is nowhere.
 * Returns how many.
 */
size_t mover_each_away(const struct mover *mover,
    void (*each)(void *arg, const char *barcode, const char *where), void *arg);

/* Frees the mover, not the changer.  NULL is allowed. */
void mover_free(struct mover *mover);

#endif

/*
 * loader.h: loads the drives of this host from a changer.
 *
 * A drive is proven first (proof.h); then the cartridges that the command names
 * are put into it, one after the other (mover.h); at the end they are put away.
 */
#ifndef SPLITTER_CHANGER_LOADER_H
#define SPLITTER_CHANGER_LOADER_H

#include "splitter/changer/proof.h"

struct loader;

struct loader_options {
	/* The only cartridges that may be moved. */
	const char *const *names;
	size_t names_count;
	int64_t load_wait_ns;
	/* Another barcode in the memory of a cartridge is only noticed. */
	bool reading;
	struct nodes_host host;
	void *arg; /* of the functions below */
	/* Sleeps; false: do not wait any longer.  NULL: the clock is used. */
	bool (*sleep)(void *arg, int64_t ns);
	/* A message for a person that is not an error.  NULL: none. */
	void (*notice)(void *arg, const char *message);
};

/*
 * Reads the inventory, and finds the drives of this host.  A named cartridge
 * that an earlier run left in a drive is noticed.  The changer belongs to the
 * loader, also on an error.  The names stay the caller's.  NULL with a message.
 */
struct loader *loader_new(struct autochanger *changer,
    const struct loader_options *options, char *err, size_t err_bytes);

/* The drive elements, by address, and the inventory that was read last. */
const struct proof_list *loader_drives(const struct loader *loader);
const struct inventory *loader_inventory(const struct loader *loader);

/* Returns the slot to which the cartridge in a drive belongs, or NULL. */
const struct element *loader_home(const struct loader *loader,
    const struct element *drive);

/*
 * Proves in which element the drive `device` is.  Stores the barcode of the
 * cartridge in it, or "".  0, or -1 with a message: it is not proven, or a
 * cartridge is in it that is not named.
 */
int loader_prove(struct loader *loader, const char *device,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes);

/* Returns a sentence about the last proof; "" before. */
const char *loader_proof(const struct loader *loader);

/*
 * Puts the cartridge `wanted` into the drive `device`, which was proven; "":
 * the next name that was not in a drive yet.  `empty`: the drive reports that
 * it is empty.  0, and the barcode that the changer reports for the drive; or
 * -1 with a message.
 */
int loader_change(struct loader *loader, const char *device, const char *wanted,
    bool empty, char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes);

/*
 * Unloads the proven drives, and puts the named cartridges in them away.  Calls
 * `each`, if not NULL, for those that are not in their slots then.  0; -1 with
 * a message if there are any.
 */
int loader_finish(struct loader *loader,
    void (*each)(void *arg, const char *barcode, const char *where), void *arg,
    char *err, size_t err_bytes);

/* Frees the loader and closes the changer.  NULL is allowed. */
void loader_free(struct loader *loader);

#endif

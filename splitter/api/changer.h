/*
 * changer.h: a medium changer that puts cartridges into drives.
 *
 * A public header of libsplitter, installed as <tapelab/changer.h>.
 *
 * A changer is a device of Linux (/dev/sgN, or /dev/schN, which is translated
 * into its sg node), or a shell command with the convention of mtx(1).  Its
 * splitter_changer_change() is a `change` function for the library of a drive:
 *
 *     static int change(void *arg, const struct splitter_st_wanted *wanted,
 *         char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
 *     {
 *             return splitter_changer_change(arg, wanted, barcode, err,
 *                 err_bytes);
 *     }
 *
 *     splitter_changer_config_init(&config, sizeof config, SPLITTER_API);
 *     config.changer = "/dev/sg3";
 *     config.volumes = volumes;
 *     config.volumes_count = 2;
 *     changer = splitter_changer_open(&config, err, sizeof err);
 *     if (splitter_changer_prove(changer, "/dev/nst0", barcode, err,
 *         sizeof err) == 0)
 *             ... splitter_st_new() with `change`, `eject` and `barcode` ...
 *     splitter_st_free(library);
 *     splitter_changer_finish(changer, each, NULL, err, sizeof err);
 *     splitter_changer_close(changer);
 *
 * Invariants:
 *
 *  1. Only the cartridges of config.volumes are moved; of these, no cleaning
 *     and no diagnostic cartridge.
 *  2. A cartridge is moved from its slot into a drive, and from a drive into
 *     its own slot if that is empty: nowhere else, and never into an
 *     import/export element.  Its own slot is the one from which this changer
 *     took it, or the one that the changer device reports as its source.
 *  3. Nothing is moved for a drive before it is proven which element the drive
 *     is: by serial numbers, or by loading one of config.volumes and seeing
 *     which drive becomes ready.
 *  4. The inventory is read before and after each move.  If it is not what the
 *     moves have made of it, another hand has changed it: an error, and nothing
 *     more is moved.
 *  5. No inventory of the robot is started (INITIALIZE ELEMENT STATUS, or the
 *     command "inventory").
 *
 * Threads: one thread at a time uses a changer.
 */
#ifndef SPLITTER_API_CHANGER_H
#define SPLITTER_API_CHANGER_H

#include "st.h"

#ifdef __cplusplus
extern "C" {
#endif

struct splitter_changer;

struct splitter_changer_config {
	size_t config_bytes; /* as in struct splitter_config */
	unsigned api;
	/*
	 * What begins with "/dev/" and has no blank is a device; anything else
	 * is a shell command, which is run with the arguments "status", "load
	 * SLOT DRIVE" or "unload SLOT DRIVE".
	 */
	const char *changer;
	/* The barcodes of the only cartridges that may be moved. */
	const char *const *volumes;
	size_t volumes_count;
	/*
	 * How long a drive may take to load a cartridge, at most; as long as its
	 * generation may take, as in struct splitter_st_config.
	 */
	int64_t load_wait_ns;
	/*
	 * Nothing is written: a cartridge in whose memory another barcode is
	 * stored is loaded, with a notice.
	 */
	bool reading;

	void *arg; /* of the functions below; either may be NULL */
	/* Sleeps; false: do not wait any longer. */
	bool (*sleep)(void *arg, int64_t ns);
	/* Receives a message for a person that is not an error. */
	void (*notice)(void *arg, const char *message);
};

/* How it is known which device is in a drive element. */
enum splitter_changer_proof {
	SPLITTER_CHANGER_NOT_PROVEN,
	/* The changer and the drive report the same serial number. */
	SPLITTER_CHANGER_SERIAL,
	/* The drive became ready when a cartridge was put into the element. */
	SPLITTER_CHANGER_LOADED
};

/* A drive element.  The strings are "" where nothing is known. */
struct splitter_changer_drive {
	unsigned number;  /* from 0, in the order of the addresses */
	unsigned address; /* of the element; as `number` for a command */
	bool full;
	char barcode[TAPE_BARCODE_BYTES]; /* of the cartridge in it */
	/*
	 * The slot from which that cartridge came: the address of the element,
	 * for a command the number of the slot; 0: unknown.
	 */
	unsigned slot;
	char serial[64]; /* as the changer reports it */
	enum splitter_changer_proof proof;
	char st[256];    /* the node of the tape driver: "/dev/nst0" */
	char sg[256];    /* the node of the sg driver: "/dev/sg2" */
	char by_id[256]; /* the name in /dev/tape/by-id, with that folder */
	char why[256];   /* why it is not proven, or "" */
	uint64_t reserved[4];
};

/* Sets the defaults that the comments above name last; else 0 and NULL. */
void splitter_changer_config_init(struct splitter_changer_config *config,
    size_t config_bytes, unsigned api);

/*
 * Opens the changer, and reads its inventory.  Moves nothing.  The config is
 * copied; its strings stay the caller's, and must remain until
 * splitter_changer_close().  NULL with a message if that fails.
 */
struct splitter_changer *
splitter_changer_open(const struct splitter_changer_config *config, char *err,
    size_t err_bytes);

/*
 * Calls `each` for every drive element, by address.  The struct belongs to the
 * changer.  Moves nothing.  0, or -1 with a message.
 */
int splitter_changer_drives(struct splitter_changer *changer,
    void (*each)(void *arg, const struct splitter_changer_drive *drive),
    void *arg, char *err, size_t err_bytes);

/*
 * Proves in which element the drive `device` is: the node of the tape driver or
 * of the sg driver, or a link to one.  Call it while no program has the drive
 * open.  Stores the barcode of the cartridge in the drive, "" if the drive is
 * empty.  Where serial numbers prove nothing, loads one of config.volumes into
 * one empty drive after the other, and takes it back.  0; -1 with a message if
 * it cannot be proven, or a cartridge is in the drive that is not one of
 * config.volumes.
 */
int splitter_changer_prove(struct splitter_changer *changer, const char *device,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes);

/*
 * Returns how the last splitter_changer_prove() was proven: "/dev/nst0 is drive
 * 0 (element 256): both report the serial number 00123".  "" before.
 */
const char *splitter_changer_proof(const struct splitter_changer *changer);

/*
 * Puts a cartridge into the drive wanted->device, which was proven, after the
 * one that is in it was put into its slot: wanted->barcode, or the next of
 * config.volumes that was not in a drive before.  The drive must have unloaded
 * the cartridge that is in it (`eject` of the library of the drive).  Stores
 * the barcode that the changer reports for the drive element after the move.
 * 0; -1 with a message: there is no such cartridge, it may not be moved, or the
 * changer has failed.
 */
int splitter_changer_change(struct splitter_changer *changer,
    const struct splitter_st_wanted *wanted, char barcode[TAPE_BARCODE_BYTES],
    char *err, size_t err_bytes);

/*
 * Puts the cartridges of config.volumes that are in proven drives into their
 * slots.  Calls `each`, which may be NULL, for those that are not in their
 * slots then.  Call it after the libraries of the drives were freed.  0; -1
 * with a message if a cartridge was left.
 */
int splitter_changer_finish(struct splitter_changer *changer,
    void (*each)(void *arg, const char *barcode, const char *where), void *arg,
    char *err, size_t err_bytes);

/* Closes the changer.  Moves nothing.  NULL is allowed. */
void splitter_changer_close(struct splitter_changer *changer);

#ifdef __cplusplus
}
#endif

#endif

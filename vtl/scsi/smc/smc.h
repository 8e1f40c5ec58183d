/*
 * smc.h: the changer of a library as a SCSI device (SMC-3), LUN 0 of a target.
 *
 * The device decodes commands and encodes answers.  A served library does the
 * work, through struct smc_library.
 *
 * Invariants:
 *
 *  1. READ ELEMENT STATUS reports what the library lists, never a copy of it,
 *     with one exception: an element in which the robot found nothing is empty
 *     until the next inventory, or until a cartridge is moved from it.
 *  2. A move that fails changes nothing, and its sense data tells the reasons
 *     of enum changer_reason apart.
 *  3. A move into or out of a drive is done with the drive locked, so no
 *     command of the drive sees a half of it.
 *
 * Locks: the changer's device is locked during a command.  The library's own
 * lock comes after it, and then the lock of a drive's device.  Do not call a
 * function of this header with the lock of the library or of a drive held.
 */
#ifndef VTL_SMC_H
#define VTL_SMC_H

#include "vtl/changer/changer.h"
#include "vtl/scsi/device/device.h"

/* How the model of a library differs from the usual one. */
struct smc_options {
	/*
	 * The robot takes a cartridge only from a drive that has unloaded it,
	 * else 5/53/01.  Otherwise the library makes the drive unload it.
	 */
	bool host_unloads;
	/*
	 * As IBM 3584: READ ELEMENT STATUS with DVCID reports drives alone, and
	 * only their identifiers.
	 */
	bool identifiers_alone;
};

/* Returns the options of the real library with this vendor and product. */
struct smc_options smc_options_of(const struct device_identity *identity);

struct smc_drive {
	/* as INQUIRY of the drive reports it; NULL: the bay is empty */
	const struct device_identity *identity;
	bool loaded; /* the drive holds its medium: it is not unloaded */
};

struct smc_move {
	unsigned from, to; /* addresses; may be those of no element */
	unsigned nexus;    /* that asked for it */
	bool host_unloads; /* see struct smc_options */
	int64_t now_ns;
};

/*
 * What the device needs of a library.  `arg` is that of smc_new().  Calls come
 * from any thread, one at a time.
 */
struct smc_library {
	/*
	 * changer_list_range().  The identity and the state of drives come from
	 * get_drive().
	 */
	enum changer_status (*list)(void *arg, unsigned first, unsigned last,
	    size_t most, struct changer_element **elements, size_t *count);
	/*
	 * Gets the state of a drive, by its number from 0: that before the
	 * command which the drive executes.
	 */
	void (*get_drive)(void *arg, unsigned drive, struct smc_drive *state);
	/*
	 * Moves a cartridge, changer_move_any(), and takes it out of a drive,
	 * or puts it into one.  The hosts of that drive get a unit attention.
	 * Returns how it failed: CHANGER_REASON_NONE or _WRONG_CARTRIDGE if it
	 * did not; _NOT_UNLOADED if host_unloads is set and the drive holds the
	 * cartridge; _PREVENTED if a host of the drive prevents its removal.
	 * Stores when the robot is done, also if it failed: >= now_ns.
	 */
	enum changer_reason (*move)(void *arg, const struct smc_move *move,
	    int64_t *done_ns);
	/*
	 * Moves the empty robot to an element that exists.  Returns when it is
	 * there: >= now_ns.  Faults of the robot are faults of moves.
	 */
	int64_t (*position)(void *arg, unsigned address, int64_t now_ns);
	/* The same: looks at the elements from `first` to `last`. */
	int64_t (*inventory)(void *arg, unsigned first, unsigned last,
	    int64_t now_ns);
};

struct smc;

/*
 * Makes the changer and its device, which belongs to it.  `library` and what
 * `arg` points to must live as long.  Returns NULL without memory.
 */
struct smc *smc_new(const struct smc_library *library, void *arg,
    const struct smc_options *options, const struct device_identity *identity);

/* NULL is allowed. */
void smc_free(struct smc *smc);

struct device *smc_device(struct smc *smc);

/*
 * Counts the elements of the library, for mode page 1Dh.  If it has got more, or
 * fewer, each nexus gets 2A/01.  Returns false if the library cannot list them.
 * smc_new() does not do it: call it once at least.
 */
bool smc_count_elements(struct smc *smc);

/*
 * The same when the library may have changed.  While the changer executes a
 * command, such as a move that waits for a drive, the elements are counted at its
 * end: this does not wait.
 */
void smc_library_changed(struct smc *smc);

/*
 * Returns whether a host prevents removal: then no person may put a cartridge
 * into an import/export slot, or take one out, and the robot brings none there.
 * Call it with the device of the changer locked.
 */
bool smc_prevents_removal(const struct smc *smc);

#endif

/*
 * watch.h: a filter that sees how a drive answers the tests, whatever the tests
 * make of it.
 *
 * It is the one next to the drive: an injected fault is above it, and not seen.
 *
 * Invariants:
 *  1. After a hardware error no operation reaches a tape any more, as long
 *     as it is in `seen`: the run stops.
 *  2. With `reading` nothing that writes reaches a tape.
 *  3. After an error on the way to the drive (scsi_is_of_transport()) its position
 *     is lost, but the drive may be used again.
 *  4. `before_unload` is called while the cartridge is still loaded.
 */
#ifndef SIM_ACCEPT_WATCH_H
#define SIM_ACCEPT_WATCH_H

#include "splitter/tape/tape.h"

/* Errors of one kind. */
struct watch_errors {
	uint64_t count;
	char text[TAPE_MESSAGE_BYTES];    /* the first; or "" */
	char barcode[TAPE_BARCODE_BYTES]; /* its cartridge; "": not known */
};

/* The results since the caller set all members to 0. */
struct watch_seen {
	struct watch_errors hardware, medium;
	/* The drive did not make a cartridge ready, and does not blame itself. */
	struct watch_errors load;
	/* The drive refused to write: the cartridge is write-protected. */
	struct watch_errors protection;
	/* It refused a loaded cartridge for its generation, kind or format. */
	struct watch_errors unfit;
	/* It has no key for the data on the cartridge, or for new data. */
	struct watch_errors encryption;
	uint64_t remarks; /* of all results: see tape_result */
	uint64_t written_bytes, read_bytes, labels;
	/*
	 * Writes and filemarks that failed, except at the end of the medium: the
	 * drive may still write, when it unloads, what it has in its buffer.
	 */
	uint64_t failed_writes;
};

struct watch_config {
	/*
	 * A cartridge was loaded.  Returns NULL, or why nothing may be done with
	 * it; the load then fails.
	 */
	const char *(*loaded)(void *arg, struct tape *tape);
	/*
	 * The named cartridge could not be put into the drive, or the drive refused
	 * it (`sense` of the result is valid): why.  May be NULL.
	 */
	void (*missing)(void *arg, const struct tape_result *result);
	bool reading; /* writing fails */
	void (*before_unload)(void *arg, struct tape *tape);
	void *arg;
};

/*
 * Makes the filter before `next`, which stays the caller's.  NULL without
 * memory.
 */
struct tape_library *watch_new(struct tape_library *next,
    const struct watch_config *config, struct watch_seen *seen);
void watch_free(struct tape_library *library);

/* Notes the result of an operation that was carried out below the filter. */
void watch_take(struct tape_library *watch, const struct tape *tape,
    const struct tape_result *result);

#endif

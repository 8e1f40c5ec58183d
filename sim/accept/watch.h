/*
 * watch.h: a filter that sees how a drive answers the tests, whatever the tests
 * make of it.
 *
 * It is the one next to the drive: an injected fault is above it, and not seen.
 *
 * Invariants:
 *  1. After a hardware error no operation reaches a tape any more, until the
 *     watch is reset: the run stops.
 *  2. With `reading` nothing that writes reaches a tape.
 *  3. `before_unload` is called while the cartridge is still loaded.
 */
#ifndef SIM_ACCEPT_WATCH_H
#define SIM_ACCEPT_WATCH_H

#include "splitter/tape/tape.h"

/* What was seen since watch_reset(). */
struct watch_seen {
	uint64_t medium_errors, hardware_errors, other_errors;
	char medium_error[TAPE_MESSAGE_BYTES];   /* the first; or "" */
	char hardware_error[TAPE_MESSAGE_BYTES]; /* the first; or "" */
	char barcode[TAPE_BARCODE_BYTES];        /* of the first medium error */
	uint64_t written_bytes, read_bytes, labels;
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

#endif

/*
 * watch.h: what a drive reports of itself and of a cartridge from its load to
 * its unload, for whoever writes or reads volumes.
 *
 *     load -> watch_loaded -> watch_result, ... -> watch_closing -> unload
 *
 * A warning is given for each remark, once for each volume: from the results
 * (enum tape_remark), from the TapeAlert flags, and from the number of loads in
 * the memory of the cartridge.  Errors that the drive counted between load and
 * unload are a sentence.
 */
#ifndef SPLITTER_TAPE_WATCH_H
#define SPLITTER_TAPE_WATCH_H

#include "splitter/tape/counters.h"

struct watch {
	/* Receives a sentence that names drive and volume.  May be NULL. */
	void (*warning)(void *arg, const char *message, int64_t at_ns);
	void *arg;
	/*
	 * Receives log pages and attributes as received: see struct
	 * tape_condition.  May be NULL.
	 */
	void (*raw)(void *arg, bool attribute, uint16_t code, const void *data,
	    size_t bytes);
	void *raw_arg;

	uint64_t told; /* remarks of this volume that were reported */
	bool
	    unknown_told; /* that there are no counters: once for all volumes */
	char volume[2 * TAPE_BARCODE_BYTES]; /* "drive 0, volume A00001L8" */
	/* `has_condition`: the condition at the load, and since watch_closing() */
	bool has_condition;
	struct tape_condition before, after;
	/*
	 * Since watch_closing(): errors that the drive counted, and critical
	 * TapeAlert flags that it set, since the load, as a sentence; "".
	 */
	char errors[TAPE_MESSAGE_BYTES];
};

/* A volume was loaded.  Asks for its condition. */
void watch_loaded(struct watch *watch, struct tape *tape, int64_t at_ns);

/* Takes the remarks of a result. */
void watch_result(struct watch *watch, const struct tape_result *result,
    int64_t at_ns);

/*
 * The volume will be unloaded.  Asks for its condition again.  The tape is not
 * used afterwards, but the remarks of the unload may follow.
 */
void watch_closing(struct watch *watch, struct tape *tape, int64_t at_ns);

/*
 * Returns the remarks (enum tape_remark) that follow from TapeAlert flags and
 * from the loads of the cartridge.
 */
uint64_t watch_remarks(const struct tape_condition *condition);

#endif

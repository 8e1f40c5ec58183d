/*
 * catalogue.h: which dump is on which volumes, in a SQLite file.
 *
 * The catalogue is written with the dumps and can be rebuilt from the tapes,
 * which do not depend on it.  tapelab-catalogue(5) describes the tables.
 *
 * Invariants:
 *  1. A file that is not a catalogue is never changed.
 *  2. When a function returns 0, its changes are on disk.
 *
 * Several processes may use one catalogue; a struct catalogue is for one thread
 * at a time.  Functions that return -1 leave a message in catalogue_message().
 */
#ifndef SPLITTER_TOOL_CATALOGUE_H
#define SPLITTER_TOOL_CATALOGUE_H

#include "splitter/api/volumes.h"
#include "splitter/api/reader.h"
#include "splitter/tool/catalogue/part_list.h"

struct catalogue;

enum { CATALOGUE_OUTCOME_BYTES = 8 }; /* size of "PARTIAL" and its final zero */

struct catalogue_dump {
	uint64_t id;
	char name[SPLITTER_NAME_BYTES];
	char begun[SPLITTER_DATE_BYTES];
	uint64_t block_bytes;
	bool fixed;
	char outcome
	    /* "": the dump is in progress, or its writer died */
	    [CATALOGUE_OUTCOME_BYTES];
	uint64_t safe_bytes;
	/* digest of the safe bytes; "": unknown */
	char xxh128[SPLITTER_DIGEST_BYTES];
	/* number of volumes used so far: the highest sequence number */
	uint64_t volumes;
};

/*
 * Opens the catalogue at `path`. Creates the file, and the folders above it, if
 * they do not exist.  Returns NULL with a message in `err` on an error.
 */
struct catalogue *catalogue_open(const char *path, char *err, size_t err_bytes);
void catalogue_close(struct catalogue *catalogue);

const char *catalogue_message(const struct catalogue *catalogue);

/*
 * Sets whether functions wait for a catalogue that another process has locked
 * (the default), or fail at once.
 */
void catalogue_set_wait(struct catalogue *catalogue, bool patient);

/*
 * The catalogue need not survive a crash of the machine, for a simulation:
 * nothing waits for the disk.
 */
void catalogue_set_volatile(struct catalogue *catalogue);

/*
 * Returns the default path of the catalogue for a library (the folder), or for
 * real drives (NULL).  The caller frees it.  NULL if there is no memory.
 */
char *catalogue_path(const char *library);

/*
 * Finds a dump by NAME, or NAME@ID.  Returns 1 if it is found and 0 if not.
 * Returns -1 on an error, or if several dumps match.
 */
int catalogue_find(struct catalogue *catalogue, const char *name,
    struct catalogue_dump *dump);

/*
 * Claims a dump for this process until the catalogue is closed.  Returns 0; -1
 * if another process has claimed the dump, or on an error.
 */
int catalogue_claim(struct catalogue *catalogue, uint64_t dump_id);

/*
 * Enters a new dump, and claims it.  The dump is in progress from then on.
 * Dumps of that name that ended without a safe byte are removed.  Returns -1
 * also if another dump of that name remains.
 */
int catalogue_begin(struct catalogue *catalogue,
    const struct catalogue_dump *dump);

/*
 * Enters that a dump with these safe `parts` is resumed, and claims the dump.
 * The dump is in progress from then on.  An unknown dump is entered together
 * with the parts.  Returns -1 also if the catalogue has other parts of the
 * dump.
 */
int catalogue_resume(struct catalogue *catalogue,
    const struct catalogue_dump *dump, const struct part_list *parts);

/*
 * Removes the entries of a volume that is about to be labelled for a dump.
 * `date` is the current date, as in a header.
 */
int catalogue_label(struct catalogue *catalogue, uint64_t dump_id,
    const struct splitter_volume *volume, const char *date);

/*
 * Enters an attempt that is about to begin.  Removes the entries for this file
 * and later files on the volume.
 */
int catalogue_begin_attempt(struct catalogue *catalogue, uint64_t dump_id,
    const struct splitter_volume *volume,
    const struct splitter_attempt *attempt, const char *date);

/* Enters the result of an attempt that has ended. */
int catalogue_add_attempt(struct catalogue *catalogue, uint64_t dump_id,
    const struct splitter_attempt *attempt);
/*
 * Enters the state in which a volume was closed, and when, and what drive and
 * cartridge reported of its use for the dump.
 */
int catalogue_add_volume(struct catalogue *catalogue, uint64_t dump_id,
    const struct splitter_volume *volume, const char *date);

/*
 * Enters the end of a dump.  If parts of the dump were removed meanwhile, the
 * dump is not DONE, and outcome, safe bytes and checksum in `dump` are
 * corrected.
 */
int catalogue_end(struct catalogue *catalogue, struct catalogue_dump *dump);

/* Removes all entries of a volume whose data is lost. */
int catalogue_forget(struct catalogue *catalogue, const char *volume);

/*
 * Removes the entries of a dump for file `file` and later files on a volume,
 * because that data is lost.
 */
int catalogue_forget_parts(struct catalogue *catalogue, uint64_t dump_id,
    const char *volume, uint64_t file);

/* The highest known attempt numbers after the safe parts. */
struct catalogue_attempts {
	uint64_t next;  /* of the next part; 0: no attempt */
	uint64_t later; /* of any later part; 0: no attempt */
};

/*
 * Adds the safe parts of a dump to an empty list, and finds the highest attempt
 * numbers after them.  Returns 0, or -1.  The caller clears the list.
 */
int catalogue_get_parts(struct catalogue *catalogue, uint64_t dump_id,
    struct part_list *parts, struct catalogue_attempts *attempts);

/*
 * Calls `each` for each volume on which the dump has an attempt, until `each`
 * returns false.  Returns 0, or -1.
 */
int catalogue_each_volume(struct catalogue *catalogue, uint64_t dump_id,
    bool (*each)(void *arg, const char *volume), void *arg);

/*
 * Finds the last volume of a dump, if that volume may be appended to: it was
 * closed as good, or its writer died.  Returns 1 if found, 0 if not, -1 on an
 * error.
 */
int catalogue_last_volume(struct catalogue *catalogue, uint64_t dump_id,
    char barcode[TAPE_BARCODE_BYTES]);

/*
 * Records the current entries, for catalogue_enter_scan().  Call it before the
 * volumes are scanned, because other processes may write volumes and catalogue
 * meanwhile.  Call it only once for each struct catalogue.
 */
int catalogue_begin_scan(struct catalogue *catalogue);

/*
 * Enters the result of a scan.  Unknown dumps and parts are added, and known
 * ones are corrected.  If a volume was scanned to its end, entries for that
 * volume that were not found there are removed.  A dump is DONE only if all its
 * parts are known.  Entries that were changed after the scan began are kept.
 */
int catalogue_enter_scan(struct catalogue *catalogue,
    const struct splitter_scan *scan);

/*
 * Returns whether entries of the volume were changed after the scan began: 1,
 * 0, or -1 on an error.  Call it after catalogue_enter_scan().
 */
int catalogue_was_changed(struct catalogue *catalogue, const char *volume);

#endif

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

enum { CATALOGUE_OUTCOME_BYTES = 8 }; /* "PARTIAL", and the end */

struct catalogue_dump {
	uint64_t id;
	char name[SPLITTER_NAME_BYTES];
	char begun[SPLITTER_DATE_BYTES];
	uint64_t block_bytes;
	bool fixed;
	char outcome
	    [CATALOGUE_OUTCOME_BYTES]; /* "": in progress, or the writer died */
	uint64_t safe_bytes;
	char xxh128[SPLITTER_DIGEST_BYTES]; /* of these; "": unknown */
	uint64_t volumes; /* used so far: the highest sequence number */
};

/*
 * Opens the catalogue at `path`; creates it if it does not exist, with the
 * folders above it.  NULL with a message in `err`.
 */
struct catalogue *catalogue_open(const char *path, char *err, size_t err_bytes);
void catalogue_close(struct catalogue *catalogue);

const char *catalogue_message(const struct catalogue *catalogue);

/*
 * Whether functions wait for a catalogue that another process has locked (the
 * default), or fail at once.
 */
void catalogue_set_wait(struct catalogue *catalogue, bool patient);

/*
 * Returns the default path of the catalogue for a library (the folder), or for
 * real drives (NULL).  The caller frees it.  NULL if there is no memory.
 */
char *catalogue_path(const char *library);

/*
 * Finds a dump by NAME, or NAME@ID.  Returns 1, 0 if there is none, -1 on an
 * error, and if there are several.
 */
int catalogue_find(struct catalogue *catalogue, const char *name,
    struct catalogue_dump *dump);

/*
 * Claims a dump for this process, until the catalogue is closed.  Returns 0; -1
 * if another process has claimed it, or on an error.
 */
int catalogue_claim(struct catalogue *catalogue, uint64_t dump_id);

/*
 * Enters a new dump: it is claimed, and in progress from now on.  Returns -1
 * also if there is another dump with that name; dumps that ended without a safe
 * byte are removed.
 */
int catalogue_begin(struct catalogue *catalogue,
    const struct catalogue_dump *dump);

/*
 * Enters that a dump with these safe `parts` is resumed: it is claimed, and in
 * progress from now on.  An unknown dump is entered with the parts.  Returns -1
 * also if the catalogue has other parts of it.
 */
int catalogue_resume(struct catalogue *catalogue,
    const struct catalogue_dump *dump, const struct part_list *parts);

/*
 * A volume is about to be labelled for a dump: its entries are removed. `date`
 * is the current date, as in a header.
 */
int catalogue_label(struct catalogue *catalogue, uint64_t dump_id,
    const struct splitter_volume *volume, const char *date);

/*
 * An attempt is about to begin: entries for this file and later ones on the
 * volume are removed.
 */
int catalogue_begin_attempt(struct catalogue *catalogue, uint64_t dump_id,
    const struct splitter_volume *volume,
    const struct splitter_attempt *attempt, const char *date);

/* An attempt has ended. */
int catalogue_add_attempt(struct catalogue *catalogue, uint64_t dump_id,
    const struct splitter_attempt *attempt);
/* A volume was closed: in which state, and when. */
int catalogue_add_volume(struct catalogue *catalogue,
    const struct splitter_volume *volume, const char *date);

/*
 * A dump has ended.  If parts of it were removed meanwhile it is not DONE:
 * outcome, safe bytes and checksum are corrected.
 */
int catalogue_end(struct catalogue *catalogue, struct catalogue_dump *dump);

/* All data on a volume is lost: its entries are removed. */
int catalogue_forget(struct catalogue *catalogue, const char *volume);

/*
 * The data of a dump on a volume, from a file on, is lost: its entries are
 * removed.
 */
int catalogue_forget_parts(struct catalogue *catalogue, uint64_t dump_id,
    const char *volume, uint64_t file);

/* The highest known numbers of attempts after the safe parts. */
struct catalogue_attempts {
	uint64_t next;  /* at the next part; 0: none */
	uint64_t later; /* at any later part; 0: none */
};

/*
 * Adds the safe parts of a dump to an empty list, and finds the attempts after
 * them.  Returns 0, or -1; the caller clears the list.
 */
int catalogue_get_parts(struct catalogue *catalogue, uint64_t dump_id,
    struct part_list *parts, struct catalogue_attempts *attempts);

/*
 * Calls `each` for each volume on which the dump has an attempt, until it
 * returns false.  Returns 0, or -1.
 */
int catalogue_each_volume(struct catalogue *catalogue, uint64_t dump_id,
    bool (*each)(void *arg, const char *volume), void *arg);

/*
 * Finds the last volume of a dump, if it may be appended to: it was closed as
 * good, or its writer died.  Returns 1, 0 if there is none, -1.
 */
int catalogue_last_volume(struct catalogue *catalogue, uint64_t dump_id,
    char barcode[TAPE_BARCODE_BYTES]);

/*
 * To be called before volumes are scanned for catalogue_enter_scan(): notes the
 * current entries, because other processes may write the volumes, and the
 * catalogue, meanwhile.  Only once for each struct catalogue.
 */
int catalogue_begin_scan(struct catalogue *catalogue);

/*
 * Enters the result of a scan: unknown dumps and parts are added, known ones
 * are corrected, and entries for a volume that was scanned to its end, but that
 * were not found there, are removed.  A dump is DONE only if all its parts are
 * known.  Entries that were changed since the scan began stay.
 */
int catalogue_enter_scan(struct catalogue *catalogue,
    const struct splitter_scan *scan);

/* Whether there were such entries when the scan was entered: 1, 0, -1. */
int catalogue_was_changed(struct catalogue *catalogue, const char *volume);

#endif

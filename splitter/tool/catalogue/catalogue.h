/*
 * catalogue.h: which dump is on which volumes, in a SQLite file.
 *
 * It is kept while dumps are written and can be made anew from the tapes; the
 * tapes do without it.  tapelab-catalogue(5) describes the tables.
 *
 * Invariants:
 *  1. A file that is not a catalogue is never changed.
 *  2. What a function has done is on disk when it returns 0.
 *
 * Several processes may use one catalogue; a struct catalogue is for one
 * thread at a time.  Functions that return -1 leave a sentence in
 * catalogue_message().
 */
#ifndef SIM_CATALOGUE_H
#define SIM_CATALOGUE_H

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
	char outcome[CATALOGUE_OUTCOME_BYTES]; /* "" : under way, or it died */
	uint64_t safe_bytes;
	char xxh128[SPLITTER_DIGEST_BYTES]; /* of these; "" : not known */
	uint64_t volumes;                   /* it has had: the last place */
};

/*
 * Opens the catalogue at `path`, which is made where it is not there, the
 * folders above it too.  NULL with a message in `err`.
 */
struct catalogue *catalogue_open(const char *path, char *err, size_t err_bytes);
void catalogue_close(struct catalogue *catalogue);

const char *catalogue_message(const struct catalogue *catalogue);

/*
 * Whether functions wait for a catalogue that another process has locked, as
 * they do at first, or fail at once.
 */
void catalogue_be_patient(struct catalogue *catalogue, bool patient);

/*
 * Where the catalogue is that goes with a library (the folder), or with real
 * drives (NULL): the caller frees it.  NULL if there is no memory.
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
 * if another one has it, or on an error.
 */
int catalogue_claim(struct catalogue *catalogue, uint64_t dump_id);

/*
 * A new dump is begun: it is claimed, and under way from now on.  -1 also where
 * there is another of that name; those that ended with nothing safe are
 * forgotten.
 */
int catalogue_begin(struct catalogue *catalogue,
    const struct catalogue_dump *dump);

/*
 * A dump of which `parts` are safe is gone on with: it is claimed, and under
 * way from now on.  One that is not known is entered with them; -1 also where
 * it is known with other parts than these.
 */
int catalogue_resume(struct catalogue *catalogue,
    const struct catalogue_dump *dump, const struct part_list *parts);

/*
 * A volume is about to be labelled for a dump: what was on it is forgotten.
 * `date` is that of this day, as in a header.
 */
int catalogue_label(struct catalogue *catalogue, uint64_t dump_id,
    const struct splitter_volume *volume, const char *date);

/* An attempt is about to be begun: what is there, and behind, is forgotten. */
int catalogue_begin_attempt(struct catalogue *catalogue, uint64_t dump_id,
    const struct splitter_volume *volume,
    const struct splitter_attempt *attempt, const char *date);

/* An attempt has ended. */
int catalogue_add_attempt(struct catalogue *catalogue, uint64_t dump_id,
    const struct splitter_attempt *attempt);
/* A volume was given back: how, and when. */
int catalogue_add_volume(struct catalogue *catalogue,
    const struct splitter_volume *volume, const char *date);

/*
 * A dump has ended.  Where parts of it were forgotten meanwhile it is not DONE:
 * outcome, safe bytes and sum are made what is so.
 */
int catalogue_end(struct catalogue *catalogue, struct catalogue_dump *dump);

/* All that was on a volume is lost: it is forgotten. */
int catalogue_forget(struct catalogue *catalogue, const char *volume);

/* What a dump had on a volume, from a file on, is lost: it is forgotten. */
int catalogue_lose(struct catalogue *catalogue, uint64_t dump_id,
    const char *volume, uint64_t file);

/* The highest numbers of attempts that are known after the safe parts. */
struct catalogue_attempts {
	uint64_t next;  /* at the part that comes next; 0: none */
	uint64_t later; /* at any part after it; 0: none */
};

/*
 * Adds the parts of a dump that are safe to an empty list, and finds the
 * attempts after them.  Returns 0, or -1; the caller clears the list.
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
 * The last volume of a dump, if it may be written on behind it: it was given
 * back as good, or its writer died.  Returns 1, 0 if there is none, -1.
 */
int catalogue_last_volume(struct catalogue *catalogue, uint64_t dump_id,
    char barcode[TAPE_BARCODE_BYTES]);

/*
 * Before volumes are looked at for catalogue_take_scan(): notes what is known,
 * for others may write on them, and tell the catalogue, meanwhile.  Once in the
 * life of a struct catalogue.
 */
int catalogue_begin_scan(struct catalogue *catalogue);

/*
 * Takes over what a scan has found: dumps and parts that are not known are
 * added, those that are known are made what the tapes say, and what is not any
 * more on a volume that was looked at to its end is forgotten.  A dump is DONE
 * only if all its parts are known.  Of a volume of which the catalogue has
 * learnt since the scan was begun it keeps what it has.
 */
int catalogue_take_scan(struct catalogue *catalogue,
    const struct splitter_scan *scan);

/* Whether it has, when the scan was taken over: 1, 0, -1. */
int catalogue_learnt(struct catalogue *catalogue, const char *volume);

#endif

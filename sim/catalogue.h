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

#include "splitter/scan.h"
#include "splitter/writer.h"

struct catalogue;

struct catalogue_dump {
	uint64_t id;
	char name[HEADER_NAME_BYTES];
	char begun[HEADER_DATE_BYTES];
	uint64_t block_bytes;
	bool fixed;
	char outcome[HEADER_OUTCOME_BYTES];	/* "" : under way, or it died */
	uint64_t safe_bytes;
	char xxh128[HEADER_SUM_BYTES];		/* of these; "" : not known */
};

/*
 * Opens the catalogue at `path`, which is made where it is not there, the
 * folders above it too.  NULL with a message in `err`.
 */
struct catalogue *catalogue_open(const char *path, char *err,
    size_t err_bytes);
void catalogue_close(struct catalogue *catalogue);

const char *catalogue_message(const struct catalogue *catalogue);

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
 * A dump is begun, or resumed: it is claimed, and under way from now on.
 * Others of that name that ended with nothing safe are forgotten.
 */
int catalogue_begin(struct catalogue *catalogue,
    const struct catalogue_dump *dump);
/* What other dumps had there, and behind it, is lost: it is forgotten. */
int catalogue_add_attempt(struct catalogue *catalogue, uint64_t dump_id,
    const struct writer_attempt *attempt);
/* All that was on a volume is lost: it is forgotten. */
int catalogue_forget(struct catalogue *catalogue, const char *volume);
/* A volume was given back: how, and when. */
int catalogue_add_volume(struct catalogue *catalogue,
    const struct writer_volume *volume, const char *date);
int catalogue_end(struct catalogue *catalogue,
    const struct catalogue_dump *dump);

/*
 * The parts of a dump that are safe, and the attempts at the part behind them.
 * NULL on an error; the caller frees it.
 */
struct parts *catalogue_table(struct catalogue *catalogue, uint64_t dump_id,
    uint64_t *attempts);

/* How many volumes hold something of the dump; -1 on an error. */
int64_t catalogue_volumes(struct catalogue *catalogue, uint64_t dump_id);

/*
 * The last volume of a dump, if it was given back as good and so may be
 * written on behind it.  Returns 1, 0 if there is none, -1.
 */
int catalogue_last_volume(struct catalogue *catalogue, uint64_t dump_id,
    char barcode[TAPE_BARCODE_BYTES]);

/*
 * Takes over what a scan has found: dumps and parts that are not known are
 * added, and those that are known are made what the tapes say.
 */
int catalogue_take_scan(struct catalogue *catalogue, const struct scan *scan);

#endif

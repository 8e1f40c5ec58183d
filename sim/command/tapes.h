/*
 * tapes.h: the tapes that a command line names: a virtual library, or a drive.
 *
 * What write, read and scan have in common: where the tapes are, which volumes
 * of them in which order, and the filters before them.
 */
#ifndef SIM_TAPES_H
#define SIM_TAPES_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "splitter/filter/filters.h"
#include "splitter/format/header.h"

/* Filled in by tapes_argp, whose input it is; zeros at first. */
struct tapes_spec {
	const char *program; /* others are told of it; not by argp */
	const char *library; /* a folder; or NULL */
	uint64_t drive;      /* of it, if given */
	bool drive_given, wait;
	const char *device; /* or NULL; of it: */
	const char *change; /* a command; or NULL */
	bool eject;
	const char **volumes; /* those alone, in that order */
	size_t volumes_count; /* 0: all, as the library has them */
	struct limit limit;   /* if `limited` */
	bool limited;
	struct fault *faults;
	size_t faults_count;
	const char *trace; /* a file, or NULL */
};

/* The options that name tapes, for a verb's parser to have as a child. */
extern const struct argp tapes_argp;

/* What the tapes are for. */
struct tapes_use {
	bool reading;               /* they are not written to */
	bool marks;                 /* for tapes_inherit() */
	uint64_t fixed_block_bytes; /* fixed-block mode; 0: variable */
	uint64_t block_bytes;       /* to be written; 0: not known */
	bool unnamed;               /* what is in the drive may be lost */
};

/* A volume that was not loaded. */
struct tapes_missed {
	char barcode[TAPE_BARCODE_BYTES]; /* "": not known */
	bool in_use; /* by others, or all drives are: not now */
};

struct tapes;

/* Opens what the options name.  NULL with a message. */
struct tapes *tapes_open(const struct tapes_spec *spec,
    const struct tapes_use *use, char *err, size_t err_bytes);

/* Hands out the volumes of the specification. */
struct tape_library *tapes_library(const struct tapes *tapes);

/*
 * Which volume the last load that failed was to load; without a barcode where
 * that is not known, or was asked before.
 */
void tapes_take_missed(struct tapes *tapes, struct tapes_missed *missed);

/*
 * Calls `each` for every volume that lies anywhere in a virtual library, until
 * it returns false; for none with a real drive, or where the options name
 * volumes.  `why` is the reason why a volume is left where it is, or NULL.
 * Returns 0, or -1 with a message.
 */
int tapes_each(struct tapes *tapes,
    bool (*each)(void *arg, const char *barcode, const char *why), void *arg,
    char *err, size_t err_bytes);

/*
 * Has tapes_each_lost() tell also of the volumes that were read through others,
 * which were opened with `marks`.  0, or -1 without memory.
 */
int tapes_inherit(struct tapes *tapes, const struct tapes *from);

/*
 * Calls `each` for every volume of a virtual library that was written through
 * these tapes, and is lost: it holds no longer what was written; or was not
 * seen, as it has left the library, or others write on it.  `why` says so of
 * either.  NULL is allowed: these could not be opened.
 */
void tapes_each_lost(struct tapes *tapes,
    void (*each)(void *arg, const char *barcode, bool lost, const char *why),
    void *arg);

/*
 * Asks whether the volume in the drive may be overwritten, on which there is
 * `what`.  A person at the terminal decides; with `yes` nobody is asked.  Never
 * once another volume was asked for: it is no longer the one that was in the
 * drive at the start.
 */
bool tapes_may_overwrite(const struct tapes *tapes, const char *what, bool yes);

/*
 * Gives back what is loaded.  A trace that could not be written is told on
 * standard error.  NULL is allowed.
 */
void tapes_close(struct tapes *tapes);

/* Frees what the parser has put into the specification. */
void tapes_spec_clear(struct tapes_spec *spec);

#endif

/*
 * scan.h: what is on a set of volumes, from their headers and end records.
 *
 * Volumes are read one after the other, in any order, each once.  The scan
 * sorts their headers by dump.  Then a caller can ask for each part of a dump:
 * where it is, how long, and what proves it.
 *
 * Invariants:
 * 1. A dump is identified by its id; two dumps may have one name.
 * 2. A part is proven if a later header or an end record names its attempt,
 *    size and checksum.  Where two of these disagree, there is a note; an end
 *    record counts more than a header, that of a DONE dump most; then the later
 *    attempt counts.
 * 3. Two different streams with one id are not mixed: where nothing says which
 *    of them is the dump, nothing is proven from there on.
 * 4. Nothing on a volume is trusted: what is not as the format demands is a
 *    note.
 *
 * One thread at a time.  Strings that are handed out live until the scan
 * changes.
 */
#ifndef SPLITTER_SCAN_H
#define SPLITTER_SCAN_H

#include "splitter/format/header.h"
#include "splitter/format/parts.h"
#include "splitter/tape/tape.h"

struct scan;

/* The description of a dump in headers and end records. */
struct scan_dump {
	const char *name, *begun; /* begun: "" if unknown */
	uint64_t id;
	uint64_t block_bytes;
	bool fixed;
	/*
	 * The highest part that is known.  A file of another stream, which is
	 * not part of the dump, may have a higher number.
	 */
	uint64_t parts;
	uint64_t volumes; /* the highest sequence number of a volume */
	/*
	 * The outcome in the end record that counts.  "" if there is none, or
	 * if the dump was resumed after that record and did not end again.
	 */
	const char *outcome;
	uint64_t end_bytes; /* number of safe bytes */
	const char *xxh128; /* digest of the safe bytes, or "" */
	/*
	 * From this part on there are two different streams with this id, and
	 * nothing says which of them is the dump; 0: there is one stream.
	 */
	uint64_t split;
};

/* A file on a volume: an attempt at a part. */
struct scan_file {
	uint64_t part, attempt, offset_bytes, file, sequence;
	uint64_t blocks; /* number of data blocks; or TAPE_POSITION_UNKNOWN */
	bool ended;      /* a filemark follows it */
	bool proven;
	const char *volume;
};

/* A part, and the best file that contains this part. */
struct scan_part {
	uint64_t part;
	bool proven;
	bool present;       /* a file was found: `volume`, `file` */
	bool ended;         /* a filemark follows it */
	bool split;         /* at or after the dump's `split` */
	uint64_t attempt;   /* 0: unknown */
	uint64_t file;      /* on the volume; 0: unknown */
	const char *volume; /* volume of the attempt; "": unknown */
	bool offset_known, bytes_known;
	uint64_t offset_bytes, bytes;
	const char *xxh128; /* digest of the part; "": unknown */
};

struct scan_volume {
	const char *barcode; /* or, without a barcode, the name in the label */
	enum splitter_volume_kind kind;
	const char *label; /* the name in its label, or "" */
	const char *dump;  /* the first dump, by the label, or "" */
	const char *why;   /* the reason for FOREIGN, UNREADABLE, NOT_SCANNED */
	bool locked;       /* the drive refuses to read it */
	bool worm;         /* known to be write-once */
	bool in_use;       /* NOT_SCANNED, but may be available later */
	uint64_t files;    /* number of files, without the label */
	bool unfinished;   /* no filemark follows its last file */
	bool complete;     /* the volume was read to its end */
};

/* A problem found on a volume. */
struct scan_note {
	const char *volume;
	uint64_t file;
	const char *text;
	bool unread; /* unreadable; may hold a part of any dump */
};

/* Returns an empty scan; NULL if there is no memory. */
struct scan *scan_new(void);
void scan_free(struct scan *scan);

/* A volume that could not be loaded. */
struct scan_load_failure {
	const char *barcode; /* "": the library did not say which one */
	const char *why;
	/* The watch may fill these in. */
	char volume[TAPE_BARCODE_BYTES]; /* barcode of the volume */
	bool in_use;                     /* the volume may be available later */
};

/* The functions that a scan calls.  Any of them may be NULL. */
struct scan_watch {
	void *arg;
	/*
	 * Called before each operation on a tape.  Returning true ends the
	 * scan; the current volume is then not complete.
	 */
	bool (*stopped)(void *arg);
	/* Called after each volume that was read. */
	void (*volume_done)(void *arg, const struct scan_volume *volume);
	/*
	 * Called when a volume could not be loaded, before that volume is
	 * entered as SPLITTER_VOLUME_NOT_SCANNED.
	 */
	void (*load_failed)(void *arg, struct scan_load_failure *failure);
	/* Receives what drives and volumes report of themselves: watch.h. */
	void (*warning)(void *arg, const char *message, int64_t at_ns);
};

/* Copies the watch.  `arg` remains owned by the caller. */
void scan_set_watch(struct scan *scan, const struct scan_watch *watch);

/*
 * Reads the volume in a drive.  The final tape position is not defined.  Sets
 * `*now_ns` to the time at which the last operation was complete.  Returns 0,
 * or -1 if there was no memory; the scan may then only be passed to
 * scan_free().  A problem on the volume is recorded as a note and is not a
 * failure.
 */
int scan_tape(struct scan *scan, struct tape *tape, int64_t *now_ns);

/* As scan_tape(), but reads only the label: the files are not known. */
int scan_label(struct scan *scan, struct tape *tape, int64_t *now_ns);

/*
 * Adds a volume that could not be loaded, and a note with the reason.  If
 * `barcode` is "", adds only the note.  `in_use`: another program uses the
 * volume, so a later scan may succeed.  Returns as scan_tape().
 */
int scan_not_scanned(struct scan *scan, const char *barcode, bool in_use,
    const char *why);

/*
 * Reads all volumes that the library hands out.  `end` receives the reason why
 * the library had no more volumes, or "".  Returns as scan_tape().
 */
int scan_library(struct scan *scan, struct tape_library *library, char *end,
    size_t end_bytes);

/* Reads the volume with this barcode.  Returns as scan_tape(). */
int scan_named(struct scan *scan, struct tape_library *library,
    const char *barcode);

/*
 * Returns whether the scan has an entry for this volume.  An entry as
 * SPLITTER_VOLUME_NOT_SCANNED counts.
 */
bool scan_knows(const struct scan *scan, const char *barcode);

/*
 * These functions return how many volumes were read, and how many could not be
 * loaded.
 */
size_t scan_read_count(const struct scan *scan);
size_t scan_not_scanned_count(const struct scan *scan);

size_t scan_dumps(const struct scan *scan);
size_t scan_volumes(const struct scan *scan);
size_t scan_notes(const struct scan *scan);
/*
 * Returns the number of files of a dump.  Files are ordered by part, then
 * attempt.
 */
size_t scan_files(const struct scan *scan, size_t dump);

void scan_get_dump(const struct scan *scan, size_t i, struct scan_dump *);
void scan_get_volume(const struct scan *scan, size_t i, struct scan_volume *);
void scan_get_note(const struct scan *scan, size_t i, struct scan_note *);
void scan_get_file(const struct scan *scan, size_t dump, size_t i,
    struct scan_file *);

/*
 * Returns the first known part with a number of at least `part`; 0 if there is
 * none, or if `part` is 0.  Use this function to iterate: parts in between may
 * be missing, and a hostile header can claim any number.
 */
uint64_t scan_next_part(const struct scan *scan, size_t dump, uint64_t part);

/*
 * Fills in part `part`, counted from 1.  For an unknown part, all members say
 * unknown.
 */
void scan_get_part(const struct scan *scan, size_t dump, uint64_t part,
    struct scan_part *);

/*
 * The highest attempt numbers in use.  A new attempt must have a higher number.
 */
struct scan_attempts {
	uint64_t next;  /* of the part after a table; or 0 */
	uint64_t later; /* of any later part; or 0 */
};

/*
 * Gets the highest attempt numbers of a dump whose table of parts ends before
 * part `next`.
 */
void scan_get_attempts(const struct scan *scan, size_t dump, uint64_t next,
    struct scan_attempts *attempts);

/*
 * Calls `each` for each volume that an end record of the dump names, until
 * `each` returns false.  A volume may be reported several times.
 */
void scan_each_named(const struct scan *scan, size_t dump,
    bool (*each)(void *arg, const char *volume), void *arg);

/*
 * Records that the caller had no memory.  The scan may then only be passed to
 * scan_free().
 */
void scan_out_of_memory(struct scan *scan);

/*
 * Fills in a part if it is proven and begins at `offset_bytes`, where the part
 * before it ends.  Returns false if not: the parts from which a dump can be
 * resumed then end before this part.
 */
bool scan_proven_part(const struct scan *scan, size_t dump, uint64_t part,
    uint64_t offset_bytes, struct part_row *row);

/*
 * Returns a table of the proven parts, from the first part up to the first gap.
 * It does not matter which volumes are available.  A dump is resumed from this
 * table.  Returns NULL if there is no memory; the caller frees the table.
 */
struct parts *scan_table(const struct scan *scan, size_t dump,
    struct scan_attempts *attempts);

/*
 * Finds a dump by NAME, or by NAME@ID if several dumps have that name.  The ID
 * has the same form as in headers.  Returns the index of the dump.  Returns -1
 * with a sentence in `err` if no dump or several dumps match.
 */
long scan_find(const struct scan *scan, const char *name, char *err,
    size_t err_bytes);

#endif

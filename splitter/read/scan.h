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

/* What headers and end records say of a dump. */
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
	uint64_t volumes; /* the highest sequence */
	/*
	 * The end record that counts.  If there is none, or the dump was
	 * resumed after it and did not end again, outcome is "".
	 */
	const char *outcome;
	uint64_t end_bytes; /* that are safe */
	const char *xxh128; /* of these bytes, or "" */
	/*
	 * From this part on there are two different streams with this id, and
	 * nothing says which of them is the dump; 0: there is one stream.
	 */
	uint64_t split;
};

/* A file on a volume: an attempt at a part. */
struct scan_file {
	uint64_t part, attempt, offset_bytes, file, sequence;
	uint64_t blocks; /* of data; TAPE_POSITION_UNKNOWN: unknown */
	bool ended;      /* a filemark follows it */
	bool proven;
	const char *volume;
};

/* A part, and the best file that there is of it. */
struct scan_part {
	uint64_t part;
	bool proven;
	bool present;       /* there is a file: `volume`, `file` */
	bool ended;         /* a filemark follows it */
	bool split;         /* at or after the dump's `split` */
	uint64_t attempt;   /* 0: unknown */
	uint64_t file;      /* on the volume; 0: unknown */
	const char *volume; /* of the attempt; "": unknown */
	bool offset_known, bytes_known;
	uint64_t offset_bytes, bytes;
	const char *xxh128; /* "": unknown */
};

struct scan_volume {
	const char *barcode; /* or the name in its label */
	enum splitter_volume_kind kind;
	const char *label; /* the name in its label, or "" */
	const char *dump;  /* of the first dump, by the label, or "" */
	const char *why;   /* FOREIGN, UNREADABLE, NOT_SCANNED */
	bool locked;       /* the drive refuses to read it */
	bool worm;         /* known to be write-once */
	bool in_use;       /* NOT_SCANNED, and can be had later */
	uint64_t files;    /* without the label */
	bool unfinished;   /* no filemark follows its last file */
	bool complete;     /* it was read to its end */
};

/* Something on a volume that is not as it should be. */
struct scan_note {
	const char *volume;
	uint64_t file;
	const char *text;
	bool unread; /* a part of any dump may be there */
};

/* NULL if there is no memory. */
struct scan *scan_new(void);
void scan_free(struct scan *scan);

/* A volume could not be loaded. */
struct scan_load_failure {
	const char *barcode; /* "": the library did not say which one */
	const char *why;
	/* The watch may fill these in. */
	char volume[TAPE_BARCODE_BYTES]; /* its barcode */
	bool in_use;                     /* it can be had later */
};

/* The functions that a scan calls.  Any of them may be NULL. */
struct scan_watch {
	void *arg;
	/*
	 * Asked before each operation on a tape.  True: the scan ends, and the
	 * volume that is being read is not complete.
	 */
	bool (*stopped)(void *arg);
	/* A volume was read. */
	void (*volume_done)(void *arg, const struct scan_volume *volume);
	/* A volume is entered as SPLITTER_VOLUME_NOT_SCANNED after this. */
	void (*load_failed)(void *arg, struct scan_load_failure *failure);
};

/* Copies the watch; `arg` stays the caller's. */
void scan_set_watch(struct scan *scan, const struct scan_watch *watch);

/*
 * Reads the volume in a drive, and leaves the tape anywhere.  `*now_ns` becomes
 * the time at which the last operation was complete.  Returns 0; -1 if there
 * was no memory, and then the scan is good for scan_free() only.  A fault of
 * the volume is a note, not a failure.
 */
int scan_tape(struct scan *scan, struct tape *tape, int64_t *now_ns);

/* As scan_tape(), but reads only the label: the files are not known. */
int scan_label(struct scan *scan, struct tape *tape, int64_t *now_ns);

/*
 * Adds a volume that could not be loaded, and a note with the reason.  If
 * `barcode` is "", only the note.  `in_use`: another program uses the volume,
 * so that a later scan may succeed.  Returns as scan_tape().
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

/* Whether there is an entry for a volume, also as SPLITTER_VOLUME_NOT_SCANNED. */
bool scan_knows(const struct scan *scan, const char *barcode);

/* How many volumes were read, and how many could not be loaded. */
size_t scan_read_count(const struct scan *scan);
size_t scan_not_scanned_count(const struct scan *scan);

size_t scan_dumps(const struct scan *scan);
size_t scan_volumes(const struct scan *scan);
size_t scan_notes(const struct scan *scan);
/* The files of a dump, by part and attempt. */
size_t scan_files(const struct scan *scan, size_t dump);

void scan_get_dump(const struct scan *scan, size_t i, struct scan_dump *);
void scan_get_volume(const struct scan *scan, size_t i, struct scan_volume *);
void scan_get_note(const struct scan *scan, size_t i, struct scan_note *);
void scan_get_file(const struct scan *scan, size_t dump, size_t i,
    struct scan_file *);

/*
 * The first part from `part` on of which anything is known; 0: none.  `part` 0:
 * none.  A part between two known ones may be missing, and a hostile header can
 * claim any number, so count by this function.
 */
uint64_t scan_next_part(const struct scan *scan, size_t dump, uint64_t part);

/* Part `part`, from 1; of one that is not known all is unknown. */
void scan_get_part(const struct scan *scan, size_t dump, uint64_t part,
    struct scan_part *);

/* The highest attempt numbers in use: no other attempt may have one of them. */
struct scan_attempts {
	uint64_t next;  /* at the part after a table; or 0 */
	uint64_t later; /* at any later part; or 0 */
};

/* Those of a dump whose table of parts ends before part `next`. */
void scan_get_attempts(const struct scan *scan, size_t dump, uint64_t next,
    struct scan_attempts *attempts);

/*
 * Calls `each` for each volume that an end record of the dump names, some of
 * them several times, until it returns false.
 */
void scan_each_named(const struct scan *scan, size_t dump,
    bool (*each)(void *arg, const char *volume), void *arg);

/* The caller had no memory for a scan: it is good for scan_free() only. */
void scan_out_of_memory(struct scan *scan);

/*
 * Fills in a part if it is proven and begins at that offset, where the part
 * before it ends.  False: the parts that can be resumed from end before it.
 */
bool scan_proven_part(const struct scan *scan, size_t dump, uint64_t part,
    uint64_t offset_bytes, struct part_row *row);

/*
 * The table of the parts that are proven, from the first one on and without a
 * gap, whichever volumes are there.  A dump is resumed from it.  NULL if there
 * is no memory; the caller frees it.
 */
struct parts *scan_table(const struct scan *scan, size_t dump,
    struct scan_attempts *attempts);

/*
 * Finds the dump that a person names: NAME, or NAME@ID with the id as headers
 * have it if several dumps have that name.  Returns its index; -1 with a
 * sentence in `err` if there is none, or several.
 */
long scan_find(const struct scan *scan, const char *name, char *err,
    size_t err_bytes);

#endif

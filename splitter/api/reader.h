/*
 * reader.h: finds dumps on tapes, and reads them back.
 *
 * A public header of libsplitter, installed as <tapelab/reader.h>.
 *
 * A scan reads the headers and end records of volumes, not the data.  It
 * collects which dumps there are, which parts they have, where each part is,
 * and what proves it.  A reading then takes one dump, or one part of it, from
 * the volumes that the scan knows.
 *
 *     splitter_scan_new -> splitter_scan_library -> splitter_scan_find_dump
 *         -> splitter_read -> splitter_scan_free
 *
 * Invariants:
 *
 *  1. Nothing is written to a volume.
 *  2. A dump is identified by its id.  Two dumps may have the same name.
 *  3. A part is proven if a later header or an end record names its attempt,
 *     size and checksum.  Where two of these disagree, an end record counts
 *     more than a header, that of a dump which is DONE most; then the later
 *     attempt counts.
 *  4. Two streams with the same id are never mixed: from the part at which
 *     nothing decides between them, no part is proven.
 *  5. Nothing on a volume is trusted.  Data that violates the format is
 *     reported as a note.
 *  6. splitter_read passes every byte of the range that it was asked for to
 *     `data`, or reports a gap that contains the byte.
 *
 * Units: sizes and offsets are bytes; times are nanoseconds.  Parts, attempts,
 * files and sequence numbers are counted from 1 (file 0 of a volume is its
 * label); indices are counted from 0.
 *
 * Structs: splitter_scan_config and splitter_read_config contain their own size
 * (see splitter_config in splitter.h).  A function that fills in a struct takes
 * its size, as the program was compiled, and writes no more than that.
 *
 * Ownership: strings that a scan hands out are valid until it changes or is
 * freed; strings that are passed to a callback, until it returns.
 *
 * Threads: one thread at a time uses a scan.  Callbacks are called by the
 * thread that called the function.  A scan must not change while a dump is read
 * from it.
 */
#ifndef SPLITTER_API_READER_H
#define SPLITTER_API_READER_H

#include "splitter.h"

#ifdef __cplusplus
extern "C" {
#endif

struct splitter_scan;

struct splitter_scan_volume {
	const char *barcode; /* or the name in its label */
	enum splitter_volume_kind kind;
	const char *label; /* the name in its label, or "" */
	const char *dump;  /* of the first dump, by the label, or "" */
	const char *why;   /* FOREIGN, UNREADABLE, NOT_SCANNED; else "" */
	bool locked;       /* the drive refuses to read it: encrypted */
	bool worm;         /* known to be write-once */
	bool in_use;       /* NOT_SCANNED, and can be had later */
	uint64_t files;    /* without the label */
	bool unfinished;   /* no filemark follows its last file */
	bool complete;     /* it was read to its end */
};

/* What headers and end records say of a dump. */
struct splitter_scan_dump {
	const char *name;
	const char *begun; /* 2026-01-31T23:59:59Z, or "" */
	uint64_t id;
	uint64_t block_bytes;
	bool fixed_blocks; /* the last block is filled up with zeros */
	/* The highest part that is known; a foreign stream may claim more. */
	uint64_t parts;
	uint64_t volumes; /* the highest sequence number */
	/*
	 * Of the end record that counts: "DONE", "PARTIAL" or "FAILED", the
	 * bytes that are safe, and their checksum or "".  Without an end
	 * record, or where the dump was resumed after it, outcome is "".
	 */
	const char *outcome;
	uint64_t safe_bytes;
	const char *xxh128;
	/*
	 * From this part on the volumes hold two different streams with the
	 * id of this dump, and nothing says which of them is the dump.  0:
	 * there is one stream.
	 */
	uint64_t split;
};

/* A part, and the best file that there is of it. */
struct splitter_scan_part {
	uint64_t part;
	bool proven;
	bool present;       /* a volume that was scanned has it */
	bool finished;      /* a filemark follows it */
	uint64_t attempt;   /* 0: unknown */
	const char *volume; /* "": unknown */
	uint64_t file;      /* on the volume; 0: unknown */
	bool offset_known, bytes_known;
	uint64_t offset_bytes, bytes;
	const char *xxh128; /* "": unknown */
};

/* A file on a volume: an attempt at a part. */
struct splitter_scan_file {
	uint64_t part, attempt, offset_bytes;
	const char *volume;
	uint64_t file;     /* on the volume */
	uint64_t sequence; /* of the volume among those of the dump */
	uint64_t blocks;   /* of data; TAPE_POSITION_UNKNOWN: unknown */
	bool finished;     /* a filemark follows it */
	bool proven;
};

/* Something on a volume that is not as it should be. */
struct splitter_scan_note {
	const char *volume; /* "": its barcode is unknown */
	uint64_t file;      /* 0: the volume as a whole */
	const char *text;
	bool unread; /* a part of any dump may be there */
};

/* The highest attempt numbers that are in use. */
struct splitter_scan_attempts {
	uint64_t next;  /* at the part that was asked for; or 0 */
	uint64_t later; /* at any later part; or 0 */
};

/* A volume could not be loaded. */
struct splitter_load_failure {
	const char *barcode; /* "": the library did not say which one */
	const char *why;
	/* The program may fill these in, where it knows more. */
	char volume[TAPE_BARCODE_BYTES]; /* its barcode; ignored if not valid */
	bool in_use;                     /* it can be had later */
};

struct splitter_scan_config {
	size_t config_bytes; /* as in struct splitter_config */
	unsigned api;
	void *arg; /* of the functions below; any of them may be NULL */
	/*
	 * Asked before each operation on a tape.  True: the scan ends, and the
	 * volume that is being read counts as not complete.
	 */
	bool (*stopped)(void *arg);
	/* A volume was read. */
	void (*volume_done)(void *arg,
	    const struct splitter_scan_volume *volume);
	/* A volume is entered as NOT_SCANNED after this. */
	void (*load_failed)(void *arg, struct splitter_load_failure *failure);
	/*
	 * A drive asks to be cleaned, predicts a failure, has counted
	 * uncorrected errors or set a critical TapeAlert flag, or reports a
	 * worn volume: once for each volume.
	 */
	void (*warning)(void *arg, const char *message);
};

/* Sets all members to 0 or NULL, and the size and version of the interface. */
void splitter_scan_config_init(struct splitter_scan_config *config,
    size_t config_bytes, unsigned api);

/*
 * An empty scan.  The config is copied.  NULL with a message in `err` if there
 * is no memory, or the library does not know the program's interface.
 */
struct splitter_scan *
splitter_scan_new(const struct splitter_scan_config *config, char *err,
    size_t err_bytes);
void splitter_scan_free(struct splitter_scan *scan);

/*
 * These read volumes and add what they find.  They return 0, or -1 if there is
 * no memory: then the scan is good for splitter_scan_free only.  A fault of a
 * volume is a note, not a failure of the function.
 *
 * library: reads all volumes that `library` hands out, until too many loads in
 *   a row have failed.  `end` receives the reason why the library had no more
 *   volumes, or "".
 * named: reads the volume with this barcode; the library needs load_named.
 * label: reads the label of the volume in a drive, and none of its files.
 *   `*now_ns` becomes the time at which that was done.
 * not_scanned: enters a volume that the program knows to be unavailable.  With
 *   barcode "" there is a note only.
 */
int splitter_scan_library(struct splitter_scan *scan,
    struct tape_library *library, char *end, size_t end_bytes);
int splitter_scan_named(struct splitter_scan *scan,
    struct tape_library *library, const char *barcode);
int splitter_scan_label(struct splitter_scan *scan, struct tape *tape,
    int64_t *now_ns);
int splitter_scan_not_scanned(struct splitter_scan *scan, const char *barcode,
    bool in_use, const char *why);

/* Whether the scan has an entry for a volume, also one as NOT_SCANNED. */
bool splitter_scan_knows(const struct splitter_scan *scan, const char *barcode);

/* How many volumes were read; and how many could not be. */
size_t splitter_scan_read_count(const struct splitter_scan *scan);
size_t splitter_scan_not_scanned_count(const struct splitter_scan *scan);

/*
 * What was found.  The get functions return 0; -1, and all zeros, if there is
 * no such entry.  Files are in the order of parts, then attempts.
 */
size_t splitter_scan_dump_count(const struct splitter_scan *scan);
int splitter_scan_get_dump(const struct splitter_scan *scan, size_t dump,
    struct splitter_scan_dump *out, size_t out_bytes);
size_t splitter_scan_volume_count(const struct splitter_scan *scan);
int splitter_scan_get_volume(const struct splitter_scan *scan, size_t i,
    struct splitter_scan_volume *out, size_t out_bytes);
size_t splitter_scan_note_count(const struct splitter_scan *scan);
int splitter_scan_get_note(const struct splitter_scan *scan, size_t i,
    struct splitter_scan_note *out, size_t out_bytes);
size_t splitter_scan_file_count(const struct splitter_scan *scan, size_t dump);
int splitter_scan_get_file(const struct splitter_scan *scan, size_t dump,
    size_t i, struct splitter_scan_file *out, size_t out_bytes);

/*
 * The first part from `part` on of which anything is known; 0: none.  A part
 * between two that are known may be missing: count by this function, as a
 * hostile header can claim any number.
 */
uint64_t splitter_scan_next_part(const struct splitter_scan *scan, size_t dump,
    uint64_t part);

/* A part; -1 also for part 0.  Every member of an unknown part is unknown. */
int splitter_scan_get_part(const struct splitter_scan *scan, size_t dump,
    uint64_t part, struct splitter_scan_part *out, size_t out_bytes);

/*
 * The parts that are proven, from the first one on and without a gap, whichever
 * volumes are there: what splitter_config.resume takes.  Fills in the first
 * `room` of them, and returns how many there are.  `api` is SPLITTER_API, as
 * the program was compiled.
 */
size_t splitter_scan_proven_parts(const struct splitter_scan *scan, size_t dump,
    struct splitter_part *parts, size_t room, unsigned api);

/* Where the last of these parts ends in the dump; 0: no such part. */
uint64_t splitter_scan_proven_bytes(const struct splitter_scan *scan,
    size_t dump);

/* The attempts at part `next` and at later ones.  Returns as above. */
int splitter_scan_get_attempts(const struct splitter_scan *scan, size_t dump,
    uint64_t next, struct splitter_scan_attempts *out, size_t out_bytes);

/*
 * Calls `each` for each volume that an end record of the dump names, some of
 * them several times, until it returns false.
 */
void splitter_scan_each_named(const struct splitter_scan *scan, size_t dump,
    bool (*each)(void *arg, const char *volume), void *arg);

/*
 * Finds the dump that a person names: NAME, or NAME@ID with the 16 digits of
 * its id where several dumps have that name.  Returns 0; -1 with a message in
 * `err` if there is none, or several.
 */
int splitter_scan_find_dump(const struct splitter_scan *scan, const char *name,
    size_t *dump, char *err, size_t err_bytes);

/* A range of the dump that is not, or may not be, what was written. */
struct splitter_gap {
	enum splitter_gap_kind kind;
	uint64_t offset_bytes;
	uint64_t bytes; /* UINT64_MAX: the end is unknown */
	uint64_t part;
	const char *volume; /* "": unknown */
	const char *why;
};

struct splitter_read_config {
	size_t config_bytes; /* as in struct splitter_config */
	unsigned api;
	/* Must have load_named, besides load and unload. */
	struct tape_library *library;
	const struct splitter_scan *scan;
	size_t dump;   /* its index in the scan */
	uint64_t part; /* this part alone; 0: all */
	/*
	 * False: the reading ends at the first gap; but if there is no end
	 * record, the last part is passed on as UNPROVEN where a filemark
	 * follows it.  True: it continues after gaps, and passes on bytes
	 * that nothing proves.
	 */
	bool salvage;
	/*
	 * The most bytes that may be missing in all, whatever headers claim.  A
	 * gap that would exceed it has no known end, and a part that claims
	 * to follow such a gap is left out.  0: no limit.
	 */
	uint64_t missing_max_bytes;

	void *arg; /* of the functions below; all but `data` may be NULL */
	/* Receives the next bytes.  False ends the reading. */
	bool (*data)(void *arg, const void *bytes, uint64_t count);
	/* Reports a gap.  Those that are MISSING come in their place. */
	void (*gap)(void *arg, const struct splitter_gap *gap);
	/* The next bytes are of this part. */
	void (*part_begun)(void *arg, const struct splitter_scan_part *part);
	/* A volume cannot be loaded.  NULL: it is missing. */
	enum splitter_missing_decision (*volume_missing)(void *arg,
	    const char *barcode, const char *why);
	/* As in struct splitter_scan_config. */
	void (*warning)(void *arg, const char *message);
};

struct splitter_read_outcome {
	enum splitter_read_end end;
	uint64_t good_bytes;    /* passed on, and proven */
	uint64_t missing_bytes; /* in gaps with a known end */
	uint64_t damaged_bytes, unproven_bytes;
	bool open_end;     /* a gap has no known end */
	bool end_known;    /* an end record says where the dump ends */
	bool lost;         /* something is missing or damaged */
	bool later;        /* ended by SPLITTER_MISSING_LATER */
	bool over_limit;   /* missing_max_bytes made a gap open */
	bool whole_proven; /* the checksum of the dump is the recorded one */
	char message[TAPE_MESSAGE_BYTES]; /* why it is not WHOLE, or "" */
};

/* Sets all members to 0 or NULL, and the size and version of the interface. */
void splitter_read_config_init(struct splitter_read_config *config,
    size_t config_bytes, unsigned api);

/*
 * Reads a dump, or a part of it, and describes in `outcome`, of
 * `outcome_bytes`, how that ended.  Returns 0; -1 with a message in `err` if
 * nothing was read: the configuration is impossible, or there is no memory.
 */
int splitter_read(const struct splitter_read_config *config,
    struct splitter_read_outcome *outcome, size_t outcome_bytes, char *err,
    size_t err_bytes);

#ifdef __cplusplus
}
#endif

#endif

/*
 * memtape.h: a tape library in memory, whose operations take no time.
 *
 * Its volumes count as Table A of the splitter's rules does: the label, each
 * header and the data use capacity, a filemark does not.  The block that ends
 * more than capacity - early warning bytes after BOT meets LEOM and is on tape.
 * The block that would end beyond the capacity meets PEOM and is not.  A list
 * of failures defines all other errors.
 *
 * Invariants:
 *  1. Failures count blocks, headers, filemarks, labels and loads over the
 *     whole library, never runs.  A block, header or label that does not fit
 *     is not counted: the capacity is tested before the failures.
 *  2. A caller that violates the rules of tape.h, or does what a careful writer
 *     never does (data after LEOM, a write on a failed drive, a file without a
 *     header), is reported.
 *  3. Only the tape thread uses it while a dump is being written.
 */
#ifndef SPLITTER_TESTS_MEMTAPE_H
#define SPLITTER_TESTS_MEMTAPE_H

#include "splitter/tape/tape.h"

#define MEMTAPE_NO_WARNING      UINT64_MAX
#define MEMTAPE_ENDLESS         (UINT64_MAX / 2)
#define MEMTAPE_BLOCK_MAX_BYTES (UINT64_C(4) << 20)

enum memtape_what {
	MEMTAPE_BLOCK,
	MEMTAPE_HEADER,
	MEMTAPE_FILEMARK,
	MEMTAPE_LABEL,
	MEMTAPE_LOAD,
	MEMTAPE_UNLOAD
};

/* State of a volume before the dump. */
enum memtape_kind {
	MEMTAPE_BLANK,
	MEMTAPE_FOREIGN,
	MEMTAPE_LABELLED,
	MEMTAPE_PROTECTED,
	MEMTAPE_UNREADABLE,
	MEMTAPE_SCRATCH,    /* labelled as scratch */
	MEMTAPE_OTHER_LABEL /* labelled as another volume */
};

/*
 * A failure of the nth operation of a kind, from 1.  With the cause TAPE_OK,
 * the operation succeeds and meets LEOM early.
 */
struct memtape_failure {
	enum memtape_what what;
	uint64_t nth;
	enum tape_cause cause;
	bool for_good; /* all later operations fail, too */
};

struct memtape_config {
	unsigned drives, volumes;
	uint64_t capacity_bytes;
	/*
	 * Each volume is `shrink_bytes` smaller than the one before, down to
	 * `least_bytes`.
	 */
	uint64_t shrink_bytes, least_bytes;
	/* size of the early warning; or MEMTAPE_NO_WARNING */
	uint64_t warning_bytes;
	uint64_t block_bytes; /* block size of labels already on the volumes */
	/* maximum block size of the drives; 0: 4 MiB */
	uint64_t block_max_bytes;
	enum splitter_streaming streaming; /* streaming need of the drives */
	const struct memtape_failure *failures;
	unsigned failure_count;
	/*
	 * When the block with this number, from 2, is written, the byte before
	 * it changes.
	 */
	uint64_t scribble_nth;
	/*
	 * Before operation `stray_nth` of those above MEMTAPE_LOAD, the tape
	 * moves by itself to `stray_to` objects after BOT.  0: the tape never
	 * moves.
	 */
	uint64_t stray_nth, stray_to;
	bool no_payload; /* stores lengths and offsets only */
	/* Called before each operation; may wait. */
	void (*hook)(void *arg, enum memtape_what what, uint64_t nth);
	void *hook_arg;
};

/* An object on a volume: a block, or (bytes 0) a filemark. */
struct memtape_object {
	unsigned char *data; /* NULL: a filemark, or no payload */
	uint64_t bytes;
	uint64_t dump_id, offset;
};

struct memtape_volume {
	char barcode[TAPE_BARCODE_BYTES];
	enum memtape_kind kind;
	uint64_t capacity_bytes, warning_bytes;
	struct memtape_object *objects;
	uint64_t count, room;
	uint64_t bytes; /* total size of all blocks */
	bool warned;    /* LEOM was met, at its place or early */
	bool full;      /* PEOM was met */
	bool changed;   /* written to */
	bool changing;  /* written to since memtape_again() */
	bool given_back;
	bool overwrite; /* may be labelled whatever data the volume has */
	bool missing;   /* cannot be loaded to be read */
	enum tape_close close;
	unsigned drive;                 /* the drive that it was last in */
	char serial[TAPE_SERIAL_BYTES]; /* of its medium; "": unknown */
	unsigned partitions;            /* 0: unknown */
};

struct memtape;

/*
 * Returns the size of volume `i`, from 0, of a library with this configuration.
 */
uint64_t memtape_capacity(const struct memtape_config *config, unsigned i);

struct memtape *memtape_new(const struct memtape_config *config);
void memtape_free(struct memtape *m);

/* Sets the state of volume `i`, from 0.  Call before the volume is loaded. */
void memtape_prepare(struct memtape *m, unsigned i, enum memtape_kind kind);

/* Volume `i` may be labelled, whatever is on it. */
void memtape_allow(struct memtape *m, unsigned i);

/* Sets what the medium of volume `i` reports of itself. */
void memtape_identify(struct memtape *m, unsigned i, const char *serial,
    unsigned partitions);

/* Sets the capacity and warning of volume `i`. */
void memtape_size(struct memtape *m, unsigned i, uint64_t capacity_bytes,
    uint64_t warning_bytes);

struct tape_library *memtape_library(struct memtape *m);

/*
 * Returns the number of operations of this kind, including failed ones, but
 * without those of end records.
 */
uint64_t memtape_count(const struct memtape *m, enum memtape_what what);

/* Returns whether the tape has moved by itself. */
bool memtape_strayed(const struct memtape *m);

/* Returns the number of volumes that were requested and loaded. */
unsigned memtape_loaded(const struct memtape *m);

/* Offers all volumes again, with their contents. */
void memtape_again(struct memtape *m);

/* Returns volume `i` for inspection; NULL after the last volume. */
const struct memtape_volume *memtape_volume(const struct memtape *m,
    unsigned i);

/*
 * Loads volume `i` at BOT into a drive whose reads never fail.  All calls
 * return the same tape, so the volume of the call before is no longer loaded.
 */
struct tape *memtape_reader(struct memtape *m, unsigned i);

/* Returns the first rule that the caller violated, or "". */
const char *memtape_complaint(const struct memtape *m);

#endif

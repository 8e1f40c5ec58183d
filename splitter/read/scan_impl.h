/*
 * scan_impl.h: what the files of the scan share.
 *
 *   scan.c        queries
 *   scan_note.c   collects what was found
 *   scan_settle.c decides which claims and files of a dump count
 *   scan_volume.c reads volumes
 */
#ifndef SPLITTER_SCAN_IMPL_H
#define SPLITTER_SCAN_IMPL_H

#include "splitter/read/scan.h"
#include "splitter/tape/cursor.h"

enum scan_rank { SCAN_RANK_HEADER, SCAN_RANK_END, SCAN_RANK_DONE };

/*
 * A claim about a part.  Where headers disagree there are several about one
 * part, of which at most one counts.
 */
struct scan_proof {
	uint64_t part, attempt, offset_bytes, bytes;
	char xxh128[HEADER_SUM_BYTES];
	unsigned rank; /* enum scan_rank: what claims it */
	uint64_t file; /* from an end record; else 0 */
	char volume[TAPE_BARCODE_BYTES];
	bool counts; /* valid once the dump is settled */
};

/* The most claims that are kept about one part; a real dump has few. */
enum { SCAN_CLAIMS_MAX = 16 };

struct scan_kept_file { /* a file */
	uint64_t part, attempt, offset_bytes, file, sequence, blocks;
	bool ended;
	char volume[TAPE_BARCODE_BYTES];
	/* What its header claims of the part before. */
	uint64_t before_attempt, before_bytes;
	char before_xxh128[HEADER_SUM_BYTES];
	bool counts; /* once the dump is settled */
};

struct scan_kept_dump {
	struct header head;           /* the header that was read first */
	struct scan_kept_file *files; /* by part, then attempt */
	size_t files_count;
	struct scan_proof *proofs; /* by part */
	size_t proofs_count;
	bool settled;      /* nothing was added since */
	uint64_t split;    /* two streams from this part on; 0: none */
	uint64_t sequence; /* the highest */
	struct header end; /* parts, outcome, bytes, xxh128; outcome "" */
};

struct scan_kept_volume {
	char barcode[TAPE_BARCODE_BYTES];
	enum splitter_volume_kind kind;
	char label[TAPE_BARCODE_BYTES], dump[HEADER_NAME_BYTES];
	char why[TAPE_MESSAGE_BYTES];
	bool locked, worm, in_use;
	uint64_t files;
	bool unfinished;
	bool complete;
};

struct scan_kept_note {
	char volume[TAPE_BARCODE_BYTES];
	uint64_t file;
	char text[TAPE_MESSAGE_BYTES];
	bool unread;
};

struct scan {
	struct scan_kept_dump *dumps;
	size_t dumps_count;
	struct scan_kept_volume *volumes;
	size_t volumes_count;
	struct scan_kept_note *notes;
	size_t notes_count;
	size_t not_scanned; /* volumes that could not be loaded */
	struct scan_watch watch;
	unsigned failed_loads; /* in a row */
	int64_t now_ns;        /* of the last operation on a library */
	bool out_of_memory;
};

/*
 * The first proof or file at `part` or after it; their count if there is none.
 */
size_t scan_proof_at(const struct scan_kept_dump *d, uint64_t part);
size_t scan_file_at(const struct scan_kept_dump *d, uint64_t part);

/* The first file of this attempt at this part, or after it. */
size_t scan_attempt_at(const struct scan_kept_dump *d, uint64_t part,
    uint64_t attempt);

/*
 * Decides which files and claims of a dump count, and whether there are two
 * streams, if something was added since the last time.
 */
void scan_settle(struct scan_kept_dump *d);

/*
 * These add what was found.  If there is no memory, the scan remembers that,
 * and a function that returns a pointer may return NULL.
 */
struct scan_kept_volume *scan_add_volume(struct scan *scan,
    const char *barcode);
struct scan_kept_dump *scan_dump_of(struct scan *scan, const struct header *h);
void scan_add_file(struct scan *scan, const struct header *h,
    const char *volume);
void scan_add_proof(struct scan *scan, const struct header *h,
    const struct scan_proof *proof);
void scan_add_end(struct scan *scan, const struct header *h);
void scan_add_note(struct scan *scan, const char *volume, uint64_t file,
    const char *format, ...) __attribute__((format(printf, 4, 5)));
/*
 * The last note is about a place that could not be read: a part may be there.
 */
void scan_mark_unread(struct scan *scan);

/*
 * Sets the length of a file that was added before, and whether a filemark
 * follows it.
 */
void scan_measure_file(struct scan *scan, const struct header *h,
    const char *volume, uint64_t blocks, bool ended);

#endif

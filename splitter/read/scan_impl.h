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
 * A claim about a part.  If headers disagree, a part has several claims, of
 * which at most one counts.
 */
struct scan_proof {
	uint64_t part, attempt, offset_bytes, bytes;
	char xxh128[HEADER_SUM_BYTES];
	unsigned rank; /* enum scan_rank: what claims it */
	uint64_t file; /* file in an end record; else 0 */
	char volume[TAPE_BARCODE_BYTES];
	bool counts; /* valid once the dump is settled */
};

/* The maximum number of claims that are kept per part.  A real dump has few. */
enum { SCAN_CLAIMS_MAX = 16 };

struct scan_kept_file { /* a file */
	uint64_t part, attempt, offset_bytes, file, sequence, blocks;
	bool ended;
	char volume[TAPE_BARCODE_BYTES];
	/*
	 * The attempt and the size of the part before, as this file's header
	 * claims.
	 */
	uint64_t before_attempt, before_bytes;
	char before_xxh128[HEADER_SUM_BYTES];
	bool counts; /* valid once the dump is settled */
};

struct scan_kept_dump {
	struct header head;           /* the header that was read first */
	struct scan_kept_file *files; /* sorted by part, then attempt */
	size_t files_count;
	struct scan_proof *proofs; /* sorted by part */
	size_t proofs_count;
	bool settled;      /* nothing was added since scan_settle() */
	uint64_t split;    /* two streams from this part on; 0: one stream */
	uint64_t sequence; /* the highest sequence number of a volume */
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
	struct watch remarks;  /* of the volume that scan_loaded() reads */
	unsigned failed_loads; /* in a row */
	int64_t now_ns; /* when the last library operation was complete */
	bool out_of_memory;
};

/*
 * Returns the index of the first proof at or after `part`; the number of proofs
 * if there is none.
 */
size_t scan_proof_at(const struct scan_kept_dump *d, uint64_t part);
size_t scan_file_at(const struct scan_kept_dump *d, uint64_t part);

/* Returns the index of the first file at or after this attempt of this part. */
size_t scan_attempt_at(const struct scan_kept_dump *d, uint64_t part,
    uint64_t attempt);

/*
 * Decides which files and claims of a dump count, and whether the dump has two
 * streams.  Does nothing if nothing was added since the last call.
 */
void scan_settle(struct scan_kept_dump *d);

/*
 * These functions record what was found.  Without memory they mark the scan as
 * out of memory, and a function that returns a pointer may return NULL.
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
 * Marks the last note: it is about a place that could not be read and that may
 * hold a part.
 */
void scan_mark_unread(struct scan *scan);

/* Sets the length of a known file, and whether a filemark follows that file. */
void scan_measure_file(struct scan *scan, const struct header *h,
    const char *volume, uint64_t blocks, bool ended);

#endif

/*
 * holding.h: the dump in slices: a holding disk in the workspace.
 *
 * The source is read a slice at a time into a file, which is there as a whole
 * before the first byte of it is handed on; so each slice can be announced
 * before its data.  Without payload there are no files, and the slices are
 * only known by their lengths.
 *
 * Slices end where the scenario says; where it does not, their lengths are
 * drawn from the seed, a few to a part, tiny, odd and aligned ones mixed.
 * Faults of the scenario damage a file under its name; what is handed on is
 * still what the source gave.
 *
 * Invariants:
 *  1. What is handed on at a time lies in one slice.
 *  2. A slice has a byte at least; only the last may be short of its length.
 *
 * Used by the producer's thread.
 */
#ifndef SIM_HOLDING_DISK_H
#define SIM_HOLDING_DISK_H

#include "sim/source/content.h"
#include "splitter/buffer/cache.h"

struct holding_disk;

/* What is wrong with the file of a slice; from the worst to the least. */
enum holding_disk_mode { HOLDING_MISSING, HOLDING_TRUNCATED, HOLDING_CORRUPT };

struct holding_disk_damage {
	uint64_t nth; /* slice, from 1 */
	enum holding_disk_mode mode;
};

/* Arrays are the caller's, and stay. */
struct holding_disk_config {
	uint64_t seed;
	uint64_t size_bytes; /* of the dump; no payload: must be known */
	uint64_t block_bytes, part_bytes, buffer_bytes;
	const uint64_t *slices; /* where each ends, but for the last one */
	size_t slices_count;    /* 0: drawn from the seed */
	const struct holding_disk_damage *damages;
	size_t damages_count;
	uint64_t unannounced;    /* from this slice on, from 1; 0: none */
	struct content *content; /* the caller's */
	const char *folder;  /* the files' is made in it; NULL: no payload */
	struct cache *cache; /* no payload: a cache_fault, for damages */
	bool keep;           /* the files stay */
};

/* A slice that was begun. */
struct holding_disk_slice {
	const char *name; /* of its file, until the next; NULL: none */
	uint64_t bytes;
};

/* NULL with a message if the folder cannot be made. */
struct holding_disk *holding_disk_new(const struct holding_disk_config *config,
    char *err, size_t err_bytes);

/*
 * The next bytes of the dump, as content_read; -1 also if a file cannot be
 * written.
 */
int64_t holding_disk_read(struct holding_disk *holding, void *buf,
    uint64_t bytes, char *err, size_t err_bytes);

/*
 * Whether what was read last begins a slice that is to be announced; fills
 * it in.  True once a slice.
 */
bool holding_disk_announcement(struct holding_disk *holding,
    struct holding_disk_slice *slice);

/* Removes the files, unless they are kept.  NULL is allowed. */
void holding_disk_free(struct holding_disk *holding);

#endif

/*
 * holding_disk.h: a holding disk, which holds the dump in slices.
 *
 * The source is read slice by slice into files.  A file is complete before its
 * first byte is returned, so that each slice can be announced before its data.
 * Without payload there are no files, only the lengths of slices.
 *
 * The ends of slices are given, or drawn from the seed: a few slices to a part,
 * tiny, odd and aligned ones mixed.  A damage changes the file under its name;
 * the bytes that are returned are still those of the source.
 *
 * Invariants:
 *  1. The bytes that one call returns are in one slice.
 *  2. A slice has at least one byte; only the last may be shorter than planned.
 *
 * Used by the producer's thread.
 */
#ifndef SIM_HOLDING_DISK_H
#define SIM_HOLDING_DISK_H

#include "sim/source/content.h"
#include "splitter/buffer/cache.h"

struct holding_disk;

/* How the file of a slice is damaged; from the worst to the least. */
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
	const uint64_t *slices; /* the end of each, except the last one */
	size_t slices_count;    /* 0: drawn from the seed */
	const struct holding_disk_damage *damages;
	size_t damages_count;
	uint64_t unannounced;    /* from this slice on, from 1; 0: none */
	struct content *content; /* the caller's */
	const char *folder;      /* of the files' folder; NULL: no payload */
	struct cache *cache;     /* no payload: a cache_fault, for damages */
	bool keep;               /* the files stay */
};

/* A slice to be announced. */
struct holding_disk_slice {
	const char *name; /* of its file, valid until the next; NULL: none */
	uint64_t bytes;
};

/* NULL with a message if the folder cannot be made. */
struct holding_disk *holding_disk_new(const struct holding_disk_config *config,
    char *err, size_t err_bytes);

/*
 * Reads the next bytes of the dump, as content_read(); also -1 if a file cannot
 * be written.
 */
int64_t holding_disk_read(struct holding_disk *holding, void *buf,
    uint64_t bytes, char *err, size_t err_bytes);

/*
 * Whether the bytes read last begin a slice that must be announced; fills it
 * in.  True once for each slice.
 */
bool holding_disk_announcement(struct holding_disk *holding,
    struct holding_disk_slice *slice);

/* Removes the files, unless they are kept.  NULL is allowed. */
void holding_disk_free(struct holding_disk *holding);

#endif

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

/* Types of damage to the file of a slice, the worst first. */
enum holding_disk_mode { HOLDING_MISSING, HOLDING_TRUNCATED, HOLDING_CORRUPT };

struct holding_disk_damage {
	uint64_t nth; /* number of the slice, from 1 */
	enum holding_disk_mode mode;
	size_t tag; /* for the observer of the cache */
};

/* The caller owns the arrays, and keeps them while the holding disk exists. */
struct holding_disk_config {
	uint64_t seed;
	/* Size of the dump; must be known without payload. */
	uint64_t size_bytes;
	uint64_t block_bytes, part_bytes, buffer_bytes;
	/* Offsets at which slices end, without the last one. */
	const uint64_t *slices;
	size_t slices_count; /* 0: drawn from the seed */
	const struct holding_disk_damage *damages;
	size_t damages_count;
	/* First slice, from 1, that is not announced; 0: none. */
	uint64_t unannounced;
	size_t unannounced_tag; /* for `withheld` */
	/* Called when that slice, which begins there, is withheld; or NULL. */
	void (*withheld)(void *arg, size_t tag, uint64_t offset);
	void *withheld_arg;
	struct content *content; /* owned by the caller */
	const char *folder; /* parent of the files' folder; NULL: no payload */
	const char *name;   /* of that folder, which must not exist; copied */
	/*
	 * A cache_fault, which reports reads of damaged bytes.  Without payload
	 * such a read fails.
	 */
	struct cache *cache;
	bool keep; /* do not remove the files */
};

/* A slice to be announced. */
struct holding_disk_slice {
	/* Name of the file, valid until the next slice; NULL: no file. */
	const char *name;
	uint64_t bytes;
};

/*
 * Makes a holding disk.  Returns NULL with a message if its folder cannot be
 * made.
 */
struct holding_disk *holding_disk_new(const struct holding_disk_config *config,
    char *err, size_t err_bytes);

/*
 * Reads the next bytes of the dump, like content_read().  Also returns -1 with
 * a message if a file cannot be written.
 */
int64_t holding_disk_read(struct holding_disk *holding, void *buf,
    uint64_t bytes, char *err, size_t err_bytes);

/*
 * Returns true if the bytes read last begin a slice that must be announced, and
 * fills in `slice`.  Returns true only once for each slice.
 */
bool holding_disk_announcement(struct holding_disk *holding,
    struct holding_disk_slice *slice);

/* Removes the files, unless they are kept.  NULL is allowed. */
void holding_disk_free(struct holding_disk *holding);

#endif

/*
 * cache.h: the back end of the part cache: returns the bytes of a failed part
 * that are no longer in the buffer.
 *
 * The core decides what is requested, and knows only the offset up to which the
 * cache holds the dump.  `none` and `memory` have no back end: with `none` no
 * bytes can be returned, with `memory` all of them are in the buffer.
 *
 *   spool    an unnamed file in a folder of the caller; in real time a thread
 *   of
 *            its own writes it
 *   slices   files of a holding disk that the caller announces; not opened
 *            until a retry reads them
 *
 * Invariants:
 *  1. append and forget are called in order of offsets; read never requests
 *     bytes before those forgotten, nor after those appended or announced.
 *  2. After a failure the bytes appended before can still be read.
 *  3. Every error says what failed, where, and what can be done.
 *
 * Threads: `append` by one thread, `read` and `forget` by another.
 */
#ifndef SPLITTER_CACHE_H
#define SPLITTER_CACHE_H

#include <stddef.h>
#include <stdint.h>

struct cache;

struct cache_ops {
	/*
	 * Stores the bytes of the dump at `offset`.  Returns 0; -1 if there is
	 * no more room or the bytes cannot be written.  The pointer is NULL if
	 * this cache has no append.
	 */
	int (*append)(struct cache *, uint64_t offset, const void *data,
	    uint64_t bytes, char *err, size_t err_bytes);
	/*
	 * Returns how many bytes from `offset` on, the end of those appended,
	 * can be appended with success, however they are divided, if none are
	 * forgotten meanwhile.  They need not be appended then.  Only for a
	 * model that keeps no bytes; else NULL.
	 */
	uint64_t (*room)(const struct cache *, uint64_t offset);
	/*
	 * Slices: see slices_announce().  NULL if nothing can be announced.
	 */
	uint64_t (*announce)(struct cache *, const char *name,
	    uint64_t file_offset, uint64_t bytes);
	/* Reads all `bytes` at `offset`.  Returns 0, or -1. */
	int (*read)(struct cache *, uint64_t offset, void *buf, uint64_t bytes,
	    char *err, size_t err_bytes);
	/*
	 * Frees the room of the bytes before `offset`; the caller does not
	 * request them again.
	 */
	void (*forget)(struct cache *, uint64_t offset);
	void (*free)(struct cache *);
};

struct cache {
	const struct cache_ops *ops;
};

#endif

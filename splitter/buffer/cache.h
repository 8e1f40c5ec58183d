/*
 * cache.h: the part cache's back end: what gives the bytes of a failed part
 * back when they are not in the buffer any more.
 *
 * The core decides what is asked of it, and knows only up to where it holds
 * the dump.  `none` and `memory` have no back end: with the one nothing can be
 * given back, with the other all is in the buffer.
 *
 *   spool    a file that has no name, in a folder of the caller's; written
 *            behind the producer, by a thread of its own in real time
 *   slices   files of a holding disk that the caller announces; costs nothing
 *            until a retry reads them
 *
 * Invariants:
 *  1. append and forget come in order of offsets; read asks for nothing
 *     before what was forgotten, nor behind what was appended or announced.
 *  2. A failure leaves what was appended before readable.
 *  3. Everything that fails says what, where, and what can be done.
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
	 * Takes the bytes of the dump at `offset`.  Returns 0, or -1 if there
	 * is no more room, or they cannot be written.  NULL: nothing is
	 * appended to this cache.
	 */
	int (*append)(struct cache *, uint64_t offset, const void *data,
	    uint64_t bytes, char *err, size_t err_bytes);
	/* Gives all `bytes` at `offset` back.  Returns 0, or -1. */
	int (*read)(struct cache *, uint64_t offset, void *buf, uint64_t bytes,
	    char *err, size_t err_bytes);
	/* Nothing before `offset` is asked for again. */
	void (*forget)(struct cache *, uint64_t offset);
	void (*free)(struct cache *);
};

struct cache {
	const struct cache_ops *ops;
};

#endif

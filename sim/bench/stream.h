/*
 * stream.h: a file through the splitter, as fast as it goes.
 */
#ifndef SIM_BENCH_STREAM_H
#define SIM_BENCH_STREAM_H

#include <stdbool.h>

#include "splitter/write/dump_run.h"

/* Prints why, and ends the program. */
_Noreturn void stream_die(const char *what);

/*
 * A file to read, or "-"; ends the program if it cannot be opened.  A pipe is
 * made to hold a MiB.
 */
int stream_open(const char *path);

/*
 * Writes the file at `path` ("-": standard input) as a dump to the library;
 * ends the program if it does not come out DONE.  The cache says which part
 * cache; where it is SPLITTER_CACHE_SLICES the file itself is announced, in pieces
 * of a part.  `done` (NULL: nothing) is called at the end, before anything is
 * given back.
 */
struct stream {
	const char *path;
	uint64_t block_bytes, buffer_bytes, part_bytes;
	enum splitter_cache kind;
	struct cache *cache; /* of spool and slices, else NULL */
	bool end_record;
	struct tape_library *library;
	void (*done)(const struct dump_run_outcome *outcome);
};
void stream_run(const struct stream *stream);

/* Three sizes in bytes: block, buffer, part. */
void stream_sizes(struct stream *stream, char **sizes);

/*
 * The part cache: "none", "memory", "spool" (in `folder`) or "slices"; behind
 * stream_sizes.  Ends the program if it cannot be had; it is the caller's to
 * free.
 */
void stream_cache(struct stream *stream, const char *name, const char *folder);

#endif

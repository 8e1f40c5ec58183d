/*
 * stream.h: a file through the splitter, as fast as it goes.
 */
#ifndef SIM_BENCH_STREAM_H
#define SIM_BENCH_STREAM_H

#include "splitter/transfer.h"

/* Prints why, and ends the program. */
_Noreturn void stream_die(const char *what);

/* A file to read; ends the program if it cannot be opened. */
int stream_open(const char *path);

/*
 * Writes the file at `path` as a dump to the library; ends the program if it
 * does not come out DONE.  The cache says which part cache; where it is
 * CORE_CACHE_SLICES the file itself is announced, in pieces of a part.  `done`
 * (NULL: nothing) is called at the end, before anything is given back.
 */
struct stream {
	const char *path;
	uint64_t block_bytes, buffer_bytes, part_bytes;
	enum core_cache kind;
	struct cache *cache;		/* of spool and slices, else NULL */
	struct tape_library *library;
	void (*done)(const struct transfer_outcome *outcome);
};
void stream_run(const struct stream *stream);

/* Three sizes in bytes: block, buffer, part. */
void stream_sizes(struct stream *stream, char **sizes);

#endif

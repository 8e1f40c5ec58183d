/*
 * stream.h: writes a file with the splitter, as fast as possible.
 */
#ifndef SIM_BENCH_STREAM_H
#define SIM_BENCH_STREAM_H

#include <stdbool.h>

#include "splitter/write/dump_run.h"

/* Prints the message and ends the program. */
_Noreturn void stream_die(const char *what);

/*
 * Opens a file for reading, or "-", standard input.  Makes the buffer of a pipe
 * 1 MiB large.  Ends the program if the file cannot be opened.
 */
int stream_open(const char *path);

/*
 * Writes the file `path` ("-": standard input) as a dump to the library.  Ends
 * the program if the outcome is not DONE.  With the cache slices, the file
 * itself is announced, in slices of a part.  `done` (may be NULL) is called at
 * the end, before anything is freed.
 */
struct stream {
	const char *path;
	uint64_t block_bytes, buffer_bytes, part_bytes;
	enum splitter_cache kind;
	struct cache *cache; /* set for spool and slices; else NULL */
	bool end_record;
	struct tape_library *library;
	void (*done)(const struct dump_run_outcome *outcome);
};
void stream_run(const struct stream *stream);

/* Sets three sizes, in bytes: block, buffer, part. */
void stream_sizes(struct stream *stream, char **sizes);

/*
 * Sets the part cache: "none", "memory", "spool" (in `folder`) or "slices".
 * Call stream_sizes() before.  Ends the program if the cache cannot be made;
 * the caller frees it.
 */
void stream_cache(struct stream *stream, const char *name, const char *folder);

#endif

/*
 * usage.h: what the drives of a library do, and for which dump.
 *
 * What a drive does belongs to the dump that uses it.  A dump begins to use a
 * drive when a volume for it was loaded: the load belongs to it, too.
 *
 * Threads: one at a time.
 */
#ifndef SIM_USAGE_H
#define SIM_USAGE_H

#include "reports/results.h"
#include "vtl/library/library.h"

struct usage;

/*
 * Makes an account for each drive of `library` and for each of `dumps` dumps.
 * The caller keeps the library until usage_end().  NULL without memory.
 */
struct usage *usage_new(struct library *library, size_t dumps);
void usage_free(struct usage *usage);

/* Returns whether a drive of the library has a medium that takes time. */
bool usage_has_motion(const struct usage *usage);

/* A volume of dump `dump`, from 0, was loaded into drive `drive`, from 0. */
void usage_loaded(struct usage *usage, size_t dump, unsigned drive);

/* The dump has no use for its volume any more. */
void usage_unloaded(struct usage *usage, size_t dump, int64_t now_ns);

/*
 * Returns what the drives did for a dump until `now_ns`, or until the answer of
 * a command in progress.
 */
struct series_drive usage_of_dump(struct usage *usage, size_t dump,
    int64_t now_ns);

/* Returns the size of the largest buffer of a drive; 0: none is buffered. */
uint64_t usage_buffer_bytes(const struct usage *usage);

/* Closes all accounts: the library may go. */
void usage_end(struct usage *usage, int64_t now_ns);

/* What one drive did.  Valid after usage_end(). */
struct usage_drive {
	char model[MODEL_NAME_BYTES];
	struct series_drive sums;
	/* the speeds at which it streamed, rising */
	struct results_speed speed[MODEL_SPEEDS_MAX * MODEL_MEDIA_MAX];
	size_t speeds;
};

/* Returns the number of drives. */
size_t usage_drives(const struct usage *usage);

const struct usage_drive *usage_drive(const struct usage *usage, size_t i);

#endif

/*
 * world.h: several dumps in virtual time, on one clock.
 *
 * The world begins each dump at its time, steps the stream whose next event is
 * the earliest, and sets the clock to the time of that event; no thread sleeps.
 * A single dump is a world of one stream.
 *
 *     WAITING --begin()--> RUNNING --end()--> WAITING (next run) or ENDED
 *
 * Invariants:
 *  1. These files read no clock, random source, environment or address.
 *  2. Time never goes back.
 *  3. Of events at one time, that of the dump with the lowest index comes
 *     first.
 *  4. A stream that waits for a drive is asked again at each change of what the
 *     dumps share, in the order of the indices.
 *  5. Between its loads and unloads a stream touches nothing that another one
 *     uses, except a rate that dumps share.  So it may leap (leap.c) beyond the
 *     events of others, unless there is such a rate.
 *  6. No run takes more than WORLD_MAX_YEARS.  A model or a feed returns at
 *     most LATER_MOST_NS, which is more.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "sim/run/virtual/stream.h"

enum { WORLD_MAX_YEARS = 100 };
#define WORLD_MAX_NS (WORLD_MAX_YEARS * INT64_C(31556952000000000))

/* When a dump is written. */
struct world_dump {
	const char *name;
	size_t after; /* a lower index, whose runs come first; its own: none */
	int64_t start_ns; /* from time 0, or from the end of the runs before */
	uint64_t runs;    /* at least 1 */
	/*
	 * Time from the start of a run to that of the next, which waits for
	 * the end of the run before.
	 */
	int64_t every_ns;
};

struct world_config {
	const struct world_dump *dumps;
	size_t count; /* at least 1 */
	/*
	 * Makes the stream of a run, from 0, of dump `i`.  Returns NULL with a
	 * message if the dump cannot be started.
	 */
	struct stream *(*begin)(void *arg, size_t i, uint64_t run, char *err,
	    size_t err_bytes);
	/* Frees the stream, whose dump has ended at `now_ns`. */
	void (*end)(void *arg, size_t i, struct stream *stream,
	    int64_t begun_ns, int64_t now_ns);
	/*
	 * Returns a number that changes when a waiting stream must be asked
	 * again.  NULL: no stream waits.
	 */
	uint64_t (*changes)(void *arg);
	void *arg;
};

/*
 * Runs all dumps from time 0 until the last has ended.  Returns 0, or -1 with a
 * message if memory is short, a dump cannot be started, or an event comes after
 * more than WORLD_MAX_YEARS.  Then it frees the streams that have not ended.
 */
int world_run(const struct world_config *config, char *err, size_t err_bytes);

/*
 * Runs one stream, which the caller keeps, from time 0.  Returns like
 * world_run().
 */
int world_run_stream(struct stream *stream, char *err, size_t err_bytes);

#endif

/*
 * vtime.h: the executor in virtual time.
 *
 * An event loop over the core.  Two things can be in progress: the producer
 * brings its next piece, and the drive carries out a step.  The clock jumps to
 * the time at which the first of the two is complete; no thread sleeps.
 *
 * Invariants:
 *  1. This file reads no clock, random source, environment or address: the
 *     same configuration gives the same course.
 *  2. Time never goes back.
 *  3. Until the dump has ended, the producer or the drive has something in
 *     progress; otherwise an assertion fails.
 *  4. No run takes more than VTIME_MAX_YEARS.  A model or a feed returns at
 *     most LATER_MOST_NS, which is more.
 */
#ifndef SIM_VTIME_H
#define SIM_VTIME_H

#include "sim/source/feed.h"
#include "sim/source/source_events.h"
#include "splitter/write/dump_run.h"

enum { VTIME_MAX_YEARS = 100 };

struct vtime_config {
	struct dump_run_config dump_run;
	struct feed feed;
	struct source_events events;
	/*
	 * Reads the next bytes of the dump into `buf`, which is NULL without
	 * payload. Returns the number of bytes, 0 at the end, or -1 if the
	 * source failed.
	 */
	int64_t (*read)(void *arg, void *buf, uint64_t bytes);
	/*
	 * Returns the end of the announced slices, an offset of the dump.
	 * Called after each read.  NULL: there are no slices.
	 */
	uint64_t (*announced)(void *arg);
	void *read_arg;      /* argument of read() and announced() */
	uint64_t size_bytes; /* size of the dump; UINT64_MAX: unknown */
	bool payload;
	int64_t cancel_ns; /* when to cancel the dump; negative: never */
};

/*
 * Writes a dump, from time 0.  Returns 0, or -1 with a message if the dump
 * could not be started or takes more than VTIME_MAX_YEARS.
 */
int vtime_run(const struct vtime_config *config,
    struct dump_run_outcome *outcome, char *err, size_t err_bytes);

#endif

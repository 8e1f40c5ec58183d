/*
 * vtime.h: the executor in virtual time.
 *
 * An event loop over the core that the engine drives with threads.  There are
 * two things that can be under way: the producer brings its next piece, and
 * the tape carries out a step.  The clock jumps to whichever is complete
 * first; nobody sleeps.
 *
 * Invariants:
 *  1. Nothing here reads a clock, a random source, the environment or an
 *     address: the same configuration gives the same course.
 *  2. Time never goes back.
 *  3. If neither producer nor tape has anything under way and the dump has
 *     not ended, the core is broken, and the program stops.
 *  4. No run takes more than VTIME_MAX_YEARS.  What a model or a feed answers
 *     with is at most LATER_MOST_NS, which is more.
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
	struct source_events stops;
	/*
	 * The next bytes of the dump into `buf`, which is NULL where there is
	 * no payload: how many, 0 at the end, -1 if the producer failed.
	 */
	int64_t (*read)(void *arg, void *buf, uint64_t bytes);
	/*
	 * How far slices have been announced, asked behind each read: an
	 * offset of the dump.  NULL: none are.
	 */
	uint64_t (*announced)(void *arg);
	void *read_arg;      /* of both */
	uint64_t size_bytes; /* UINT64_MAX: not known before */
	bool payload;
	int64_t cancel_ns; /* when to cancel; negative: never */
};

/*
 * Runs a dump from time 0.  Returns 0, or -1 with a message if it could not
 * be begun, or took more than VTIME_MAX_YEARS.
 */
int vtime_run(const struct vtime_config *config,
    struct dump_run_outcome *outcome, char *err, size_t err_bytes);

#endif

/*
 * stream.h: a dump in virtual time.
 *
 * A stream is the executor of one dump over the core.  Two things can be in
 * progress: the producer brings its next piece, and the drive carries out a
 * step.  The stream has no clock: its owner (world.h) calls stream_step() at
 * the time of the stream's next event.
 *
 * Invariants:
 *  1. This file reads no clock, random source, environment or address: the
 *     same configuration, stepped at the same times, takes the same course.
 *  2. The times of the steps of a stream never go back.
 *  3. Until the dump has ended, the producer or the drive has something in
 *     progress, or the dump waits for a drive; otherwise an assertion fails.
 *  4. A step does everything that is due at its time, and nothing later.  A
 *     step before the next event changes nothing.
 */
#ifndef SIM_STREAM_H
#define SIM_STREAM_H

#include "sim/run/measure/sums.h"
#include "sim/source/feed.h"
#include "sim/source/source_events.h"
#include "sim/source/shared_rate.h"
#include "splitter/write/dump_run.h"

/* The disk of a spool; zeros: it takes no time. */
struct stream_disk {
	uint64_t bytes_per_s; /* 0: bytes take no time */
	int64_t latency_ns;   /* of each read and write */
};

struct stream_config {
	struct dump_run_config dump_run;
	struct feed_config feed;
	struct source_events events;
	struct stream_disk spool;
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
	/* When to cancel the dump, from its start; negative: never. */
	int64_t cancel_ns;
	/* Called when it is cancelled then; may be NULL. */
	void (*cancelled)(void *arg);
	void *cancelled_arg;
	int64_t *clock_ns; /* receives the time of each step; may be NULL */
	struct sums *sums; /* receives what is measured; may be NULL */
	bool more_runs;    /* later runs add to these sums */
	/*
	 * Called before each load.  Returns `now_ns` if the load can be made
	 * now, or a later time at which to ask again; STREAM_NEVER: when
	 * something has changed.  NULL: loads never wait.
	 */
	int64_t (*load_ns)(void *arg, int64_t now_ns);
	/*
	 * Says that no load is wanted any more: neither one that waits, nor one
	 * that could be made and was not.  Required with load_ns().
	 */
	void (*withdraw)(void *arg, int64_t now_ns);
	void *load_arg;            /* argument of load_ns() and withdraw() */
	struct shared_rate *limit; /* shared by several sources; or NULL */
	/*
	 * Size of the pieces that the producer brings, for tests; 0: the
	 * stream chooses.
	 */
	uint64_t piece_bytes;
	/*
	 * Whether to leap.  Only for a source that can be read in any number of
	 * bytes at once, and that shares no limit with other streams.
	 */
	bool leaps;
};

/* The time of an event that the stream does not know. */
#define STREAM_NEVER INT64_MAX

struct stream;

/*
 * Makes a stream, which begins with its first step.  Copies the configuration;
 * the caller keeps what its pointers refer to until stream_free().  Returns
 * NULL with a message if the dump cannot be started.
 */
struct stream *stream_new(const struct stream_config *config, char *err,
    size_t err_bytes);

/* Frees the stream; NULL is allowed. */
void stream_free(struct stream *stream);

/*
 * Does everything that is due at `now_ns`, which is at least the time of the
 * last step.  Then may leap to a later time before `until_ns` (leap.c).  Returns
 * true and sets the time of the next event, or false if the dump has ended; then
 * there is no further step.
 */
bool stream_step(struct stream *stream, int64_t now_ns, int64_t until_ns,
    int64_t *next_ns);

/* Returns the outcome of a dump that has ended. */
const struct dump_run_outcome *stream_outcome(const struct stream *stream);

/* Returns how many cycles the stream has leapt over. */
uint64_t stream_leapt(const struct stream *stream);

/* Returns the name of the dump. */
const char *stream_name(const struct stream *stream);

/* Returns whether the dump waits for a drive; then a step asks again. */
bool stream_waits(const struct stream *stream);

/* Returns what the next event of the stream is, for a message. */
const char *stream_awaits(const struct stream *stream);

/* Returns how many bytes of the dump are in committed parts. */
uint64_t stream_committed_bytes(const struct stream *stream);

#endif

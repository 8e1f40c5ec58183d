/*
 * realtime.h: runs a dump in real time.
 *
 * The thread that calls realtime_run() is the producer: it reads into the
 * engine's buffer, sleeps as the feed and a rate that dumps share require, and
 * pauses or ends at source events.
 */
#ifndef SIM_REALTIME_H
#define SIM_REALTIME_H

#include "sim/source/feed.h"
#include "sim/source/holding_disk.h"
#include "sim/source/shared_rate.h"
#include "sim/source/source_events.h"
#include "splitter/write/dump_run.h"

struct realtime_config {
	const struct dump_run_config *dump_run;
	struct feed_config feed;
	struct source_events events;
	/* Shared by the sources of several dumps, on the real clock; or NULL. */
	struct shared_rate *limit;
	int64_t cancel_ns; /* when to cancel the dump; negative: never */
	/* Called when it is cancelled then, by any thread; may be NULL. */
	void (*cancelled)(void *arg);
	void *cancelled_arg;
	struct content *content;
	/* Brings the dump in place of `content`; or NULL. */
	int64_t (*read)(void *arg, void *buf, uint64_t bytes);
	void *read_arg;
	/* Holding disk that reads the content; NULL: none. */
	struct holding_disk *holding;
	/*
	 * Receives why the source failed, unless a source event is the cause.
	 */
	char *problem;
	size_t problem_bytes;
	/*
	 * Called when the dump is stopped, by any thread: a load must not wait
	 * any more.  May be NULL.
	 */
	void (*stopped)(void *arg);
	void *stopped_arg;
};

struct realtime;

/*
 * Starts a dump.  Copies the configuration; the caller keeps what its pointers
 * refer to until realtime_free().  Returns NULL with a message if the dump
 * cannot be started.
 */
struct realtime *realtime_new(const struct realtime_config *config, char *err,
    size_t err_bytes);

/*
 * Brings the dump, and waits for its end.  If the source fails, the outcome is
 * FAILED.
 */
void realtime_run(struct realtime *realtime, struct dump_run_outcome *outcome);

/* Cancels the dump.  Any thread may call this function. */
void realtime_cancel(struct realtime *realtime);

/* Frees the dump, which has ended or was not run.  NULL is allowed. */
void realtime_free(struct realtime *realtime);

#endif

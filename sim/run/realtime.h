/*
 * realtime.h: runs a dump in real time.
 *
 * The calling thread is the producer: it reads into the engine's buffer, sleeps
 * as the rate of the feed requires, and pauses or ends at source events.
 */
#ifndef SIM_REALTIME_H
#define SIM_REALTIME_H

#include "sim/source/feed.h"
#include "sim/source/holding_disk.h"
#include "sim/source/source_events.h"
#include "splitter/write/dump_run.h"

struct realtime_config {
	const struct dump_run_config *dump_run;
	struct feed_config feed;
	struct source_events events;
	int64_t cancel_ns; /* when to cancel the dump; negative: never */
	struct content *content;
	/* Holding disk that reads the content; NULL: none. */
	struct holding_disk *holding;
};

/*
 * Writes a dump.  Returns 0, or -1 with a message in `err` if the dump could
 * not be started.  If the source fails, the outcome is FAILED, and `problem`
 * has a message unless a source event is the cause.
 */
int realtime_run(const struct realtime_config *config,
    struct dump_run_outcome *outcome, char *problem, size_t problem_bytes,
    char *err, size_t err_bytes);

#endif

/*
 * realtime.h: feeds the engine in real time.
 *
 * The calling thread is the producer: it reads straight into the buffer,
 * sleeps where the feed has a rate, and stops where the scenario says.
 */
#ifndef SIM_REALTIME_H
#define SIM_REALTIME_H

#include "sim/source/feed.h"
#include "sim/source/holding_disk.h"
#include "sim/source/source_events.h"
#include "splitter/write/dump_run.h"

struct realtime_config {
	const struct dump_run_config *dump_run;
	struct feed feed;
	struct source_events stops;
	int64_t cancel_ns; /* when to cancel; negative: never */
	struct content *content;
	struct holding_disk *holding; /* before the content; NULL: none */
};

/*
 * Runs a dump.  Returns 0, or -1 with a message in `err` if it could not be
 * begun.  A source that fails ends the dump as FAILED, with a message in
 * `problem` unless it was told to.
 */
int realtime_run(const struct realtime_config *config,
    struct dump_run_outcome *outcome, char *problem, size_t problem_bytes,
    char *err, size_t err_bytes);

#endif

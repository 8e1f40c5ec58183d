/* realtime.c: runs a dump in real time. */
#include "sim/run/realtime.h"

#include <stdio.h>
#include <stdlib.h>

#include "splitter/base/timer.h"
#include "splitter/engine/engine.h"
#include "splitter/base/clock.h"
#include "splitter/base/later.h"

enum { BLOCKED_NS = 1000000 };

struct realtime {
	struct realtime_config config;
	struct engine *engine;
	struct timer *timer;
	struct feed feed;
	struct source_events events;
	uint64_t at; /* offset in the dump */
	/* When the last piece was due, by a closed feed. */
	int64_t due_ns;
	int64_t pause_ns; /* of the source event before the next piece */
};

/* Ends a wait of the dump for what dumps share. */
static void stop_waiting(struct realtime *p)
{
	if (p->config.stopped != NULL)
		p->config.stopped(p->config.stopped_arg);
}

void realtime_cancel(struct realtime *p)
{
	/*
	 * The order matters: the woken producer must see that the dump is
	 * cancelled.
	 */
	engine_cancel(p->engine);
	timer_wake(p->timer);
	stop_waiting(p);
}

/* Called by the timer, which wakes the producer itself. */
static void cancel_engine(void *arg)
{
	struct realtime *p = arg;

	if (p->config.cancelled != NULL)
		p->config.cancelled(p->config.cancelled_arg);
	engine_cancel(p->engine);
	stop_waiting(p);
}

/*
 * Handles source events.  Returns false if the producer has ended; the engine
 * has been notified.
 */
static bool handle_events(struct realtime *p)
{
	p->pause_ns = source_events_pause(&p->events, p->at);
	if (p->pause_ns > 0) {
		timer_until(p->timer, later_add(clock_now_ns(), p->pause_ns));
		p->due_ns = clock_now_ns();
	}
	switch (source_events_end(&p->events, p->at)) {
	case SOURCE_EVENT_FAIL:
		engine_fail(p->engine);
		stop_waiting(p);
		return false;
	case SOURCE_EVENT_CANCEL:
		engine_cancel(p->engine);
		stop_waiting(p);
		return false;
	default:
		return true;
	}
}

/* Reads the next bytes, and announces the slice that begins with them. */
static int64_t read_next(struct realtime *p, void *place, uint64_t bytes)
{
	struct holding_disk *holding = p->config.holding;
	struct holding_disk_slice slice;
	int64_t n;

	if (p->config.read != NULL)
		return p->config.read(p->config.read_arg, place, bytes);
	if (holding == NULL)
		return content_read(p->config.content, place, bytes,
		    p->config.problem, p->config.problem_bytes);
	n = holding_disk_read(holding, place, bytes, p->config.problem,
	    p->config.problem_bytes);
	if (n > 0 && holding_disk_announcement(holding, &slice))
		engine_announce(p->engine, slice.name, 0, slice.bytes);
	return n;
}

/*
 * Returns when these bytes, asked for at `begun`, come by the feed; at most
 * `now`: they are there.
 */
static int64_t feed_due(struct realtime *p, uint64_t bytes, int64_t begun,
    int64_t now)
{
	if (p->config.feed.kind == FEED_UNLIMITED &&
	    p->config.feed.start_ns == 0)
		return now;
	if (p->config.feed.open)
		return feed_ready(&p->feed, bytes, now, p->pause_ns);
	/* The time of the producer does not advance while it waits for room. */
	if (now - begun > BLOCKED_NS && begun > p->due_ns)
		p->due_ns = now;
	p->due_ns = later_add(p->due_ns, feed_take(&p->feed, bytes));
	return p->due_ns;
}

/* Sleeps until these bytes, asked for at `begun`, have come from the source. */
static void wait_for(struct realtime *p, uint64_t bytes, int64_t begun)
{
	int64_t now = clock_now_ns();
	int64_t due = feed_due(p, bytes, begun, now), limit;

	if (p->config.limit != NULL) {
		limit = shared_rate_serve(p->config.limit, bytes, now);
		if (due < limit)
			due = p->due_ns = limit;
	}
	if (due > now)
		timer_until(p->timer, due);
}

/*
 * Delivers one piece.  Returns false if the dump has ended, the source has
 * failed (the engine has been notified), or the engine accepts no more bytes.
 */
static bool bring_piece(struct realtime *p)
{
	int64_t begun = clock_now_ns(), n;
	uint64_t bytes;
	void *place = engine_reserve(p->engine, &bytes);

	if (place == NULL)
		return false;
	if (bytes > feed_piece(&p->feed, ENGINE_PIECE_BYTES))
		bytes = feed_piece(&p->feed, ENGINE_PIECE_BYTES);
	if (bytes > source_events_room(&p->events, p->at))
		bytes = source_events_room(&p->events, p->at);
	n = read_next(p, place, bytes);
	if (n < 0) {
		engine_fail(p->engine);
		stop_waiting(p);
		return false;
	}
	if (n == 0) {
		engine_eof(p->engine);
		return false;
	}
	wait_for(p, (uint64_t)n, begun);
	engine_commit(p->engine, (uint64_t)n);
	feed_accepted(&p->feed, (uint64_t)n, clock_now_ns());
	p->at += (uint64_t)n;
	return true;
}

struct realtime *realtime_new(const struct realtime_config *config, char *err,
    size_t err_bytes)
{
	struct realtime *p = calloc(1, sizeof *p);

	if (p == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	p->config = *config;
	p->events = config->events;
	p->due_ns = clock_now_ns();
	feed_init(&p->feed, &config->feed, config->dump_run->core.block_bytes);
	p->engine = engine_start(config->dump_run, err, err_bytes);
	if (p->engine != NULL)
		p->timer = timer_new(config->cancel_ns, cancel_engine, p, err,
		    err_bytes);
	if (p->timer != NULL)
		return p;
	realtime_free(p);
	return NULL;
}

void realtime_run(struct realtime *p, struct dump_run_outcome *outcome)
{
	while (handle_events(p) && bring_piece(p))
		;
	engine_wait(p->engine, outcome);
	outcome->late_max_ns = p->feed.late_max_ns;
	outcome->late_mean_ns = feed_late_mean_ns(&p->feed);
}

void realtime_free(struct realtime *p)
{
	if (p == NULL)
		return;
	timer_free(p->timer);
	engine_free(p->engine);
	free(p);
}

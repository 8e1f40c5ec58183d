/* realtime.c: runs a dump in real time. */
#include "sim/run/realtime.h"

#include "splitter/base/signals.h"
#include "splitter/base/timer.h"
#include "splitter/engine/engine.h"
#include "splitter/base/clock.h"

enum { BLOCKED_NS = 1000000 };

struct producer {
	const struct realtime_config *config;
	struct engine *engine;
	struct timer *timer;
	struct feed feed;
	struct source_events events;
	uint64_t at;    /* offset in the dump */
	int64_t due_ns; /* when the last piece was due, by its rate */
	char *problem;
	size_t problem_bytes;
};

static void cancel(void *arg)
{
	struct producer *p = arg;

	/*
	 * The order matters: the woken producer must see that the dump is
	 * cancelled.
	 */
	engine_cancel(p->engine);
	timer_wake(p->timer);
}

static void cancel_engine(void *arg)
{
	engine_cancel(arg);
}

/*
 * Handles source events.  Returns false if the producer has ended; the engine
 * has been notified.
 */
static bool handle_events(struct producer *p)
{
	int64_t pause_ns = source_events_pause(&p->events, p->at);

	if (pause_ns > 0) {
		timer_until(p->timer, clock_now_ns() + pause_ns);
		p->due_ns = clock_now_ns();
	}
	switch (source_events_end(&p->events, p->at)) {
	case SOURCE_EVENT_FAIL:
		engine_fail(p->engine);
		return false;
	case SOURCE_EVENT_CANCEL:
		engine_cancel(p->engine);
		return false;
	default:
		return true;
	}
}

/* Reads the next bytes, and announces the slice that begins with them. */
static int64_t read_next(struct producer *p, void *place, uint64_t bytes)
{
	struct holding_disk *holding = p->config->holding;
	struct holding_disk_slice slice;
	int64_t n;

	if (holding == NULL)
		return content_read(p->config->content, place, bytes,
		    p->problem, p->problem_bytes);
	n = holding_disk_read(holding, place, bytes, p->problem,
	    p->problem_bytes);
	if (n > 0 && holding_disk_announcement(holding, &slice))
		engine_announce(p->engine, slice.name, 0, slice.bytes);
	return n;
}

/*
 * Delivers one piece.  Returns false if the dump has ended, the source has
 * failed (the engine has been notified), or the engine accepts no more bytes.
 */
static bool bring_piece(struct producer *p)
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
		return false;
	}
	if (n == 0) {
		engine_eof(p->engine);
		return false;
	}
	if (p->feed.has_rate) {
		/*
		 * The time of the producer does not advance while it waits for
		 * room.
		 */
		if (clock_now_ns() - begun > BLOCKED_NS && begun > p->due_ns)
			p->due_ns = clock_now_ns();
		p->due_ns += feed_take(&p->feed, (uint64_t)n);
		timer_until(p->timer, p->due_ns);
	}
	engine_commit(p->engine, (uint64_t)n);
	p->at += (uint64_t)n;
	return true;
}

int realtime_run(const struct realtime_config *config,
    struct dump_run_outcome *outcome, char *problem, size_t problem_bytes,
    char *err, size_t err_bytes)
{
	struct producer p = {
		.config = config,
		.feed = config->feed,
		.events = config->events,
		.due_ns = clock_now_ns(),
		.problem = problem,
		.problem_bytes = problem_bytes,
	};

	p.engine = engine_start(config->dump_run, err, err_bytes);
	if (p.engine == NULL)
		return -1;
	p.timer = timer_new(config->cancel_ns, cancel_engine, p.engine, err,
	    err_bytes);
	if (p.timer == NULL) {
		engine_free(p.engine);
		return -1;
	}
	signals_on(cancel, &p);
	while (handle_events(&p) && bring_piece(&p))
		;
	engine_wait(p.engine, outcome);
	signals_on(NULL, NULL);
	timer_free(p.timer);
	engine_free(p.engine);
	return 0;
}

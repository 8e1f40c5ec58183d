/* realtime.c: feeds the engine in real time. */
#include "sim/run/realtime.h"

#include "splitter/base/signals.h"
#include "splitter/base/timer.h"
#include "splitter/engine/engine.h"
#include "splitter/base/clock.h"

enum { BLOCKED_NS = 1000000 };

struct producer {
	const struct realtime_config *config;
	struct engine *engine;
	struct timer *nap;
	struct feed feed;
	struct source_events stops;
	uint64_t at;    /* brought so far */
	int64_t due_ns; /* when the last piece was to be there */
	char *problem;
	size_t problem_bytes;
};

static void cancel(void *arg)
{
	struct producer *p = arg;

	/* Who is woken first would go on. */
	engine_cancel(p->engine);
	timer_wake(p->nap);
}

static void cancel_engine(void *arg)
{
	engine_cancel(arg);
}

/* Pauses and ends where it is to; false: it has ended, the engine knows. */
static bool goes_on(struct producer *p)
{
	int64_t pause_ns = source_events_pause(&p->stops, p->at);

	if (pause_ns > 0) {
		timer_until(p->nap, clock_now_ns() + pause_ns);
		p->due_ns = clock_now_ns();
	}
	switch (source_events_end(&p->stops, p->at)) {
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

/* Reads the next bytes; a slice that begins with them is announced. */
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
 * Brings one piece.  False: the dump has ended or the source failed, and the
 * engine was told; or it wants no more.
 */
static bool bring(struct producer *p)
{
	int64_t begun = clock_now_ns(), n;
	uint64_t bytes;
	void *place = engine_reserve(p->engine, &bytes);

	if (place == NULL)
		return false;
	if (bytes > feed_piece(&p->feed, ENGINE_PIECE_BYTES))
		bytes = feed_piece(&p->feed, ENGINE_PIECE_BYTES);
	if (bytes > source_events_room(&p->stops, p->at))
		bytes = source_events_room(&p->stops, p->at);
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
		/* While it waits for room, the producer's time stands. */
		if (clock_now_ns() - begun > BLOCKED_NS && begun > p->due_ns)
			p->due_ns = clock_now_ns();
		p->due_ns += feed_take(&p->feed, (uint64_t)n);
		timer_until(p->nap, p->due_ns);
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
		.stops = config->stops,
		.due_ns = clock_now_ns(),
		.problem = problem,
		.problem_bytes = problem_bytes,
	};

	p.engine = engine_start(config->dump_run, err, err_bytes);
	if (p.engine == NULL)
		return -1;
	p.nap = timer_new(config->cancel_ns, cancel_engine, p.engine, err,
	    err_bytes);
	if (p.nap == NULL) {
		engine_free(p.engine);
		return -1;
	}
	signals_on(cancel, &p);
	while (goes_on(&p) && bring(&p))
		;
	engine_wait(p.engine, outcome);
	signals_on(NULL, NULL);
	timer_free(p.nap);
	engine_free(p.engine);
	return 0;
}

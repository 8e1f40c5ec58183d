/* world.c: several dumps in virtual time, on one clock; see world.h. */
#include "sim/run/virtual/world.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/run/virtual/timeline.h"
#include "splitter/base/later.h"

enum state { WAITING, RUNNING, ENDED };

struct lane {
	enum state state;
	struct stream *stream; /* RUNNING */
	uint64_t run;          /* the number of runs that have ended */
	int64_t first_ns;      /* start of the first run */
	int64_t begun_ns;      /* RUNNING: start of this run */
};

struct world {
	const struct world_config *config;
	struct lane *lanes;
	struct timeline *timeline;
	size_t left; /* lanes that have not ended */
	uint64_t changes;
	char *err;
	size_t err_bytes;
};

/* Reports which event comes after more than WORLD_MAX_YEARS.  Returns -1. */
static int too_late(const struct world *w, size_t i)
{
	const struct stream *stream = w->lanes[i].stream;
	bool several = w->config->count > 1;

	if (stream == NULL)
		snprintf(w->err, w->err_bytes,
		    "simulated time would exceed %d years, waiting for the "
		    "start of run %" PRIu64 " of dump %s",
		    WORLD_MAX_YEARS, w->lanes[i].run + 1,
		    w->config->dumps[i].name);
	else
		snprintf(w->err, w->err_bytes,
		    "%s%s%ssimulated time would exceed %d years, waiting for "
		    "%s, with %" PRIu64 " bytes committed: a rate is too low, "
		    "or a time or a slow-down factor is too large",
		    several ? "dump " : "", several ? stream_name(stream) : "",
		    several ? ": " : "", WORLD_MAX_YEARS, stream_awaits(stream),
		    stream_committed_bytes(stream));
	return -1;
}

/* Sets when the first runs start that come after those of dump `i`. */
static void start_followers(struct world *w, size_t i, int64_t now_ns)
{
	for (size_t j = i + 1; j < w->config->count; j++) {
		const struct world_dump *d = &w->config->dumps[j];

		if (d->after != i)
			continue;
		w->lanes[j].first_ns = later_add(now_ns, d->start_ns);
		timeline_set(w->timeline, j, w->lanes[j].first_ns);
	}
}

static void end_run(struct world *w, size_t i, int64_t now_ns)
{
	const struct world_dump *d = &w->config->dumps[i];
	struct lane *lane = &w->lanes[i];
	struct stream *stream = lane->stream;
	int64_t next_ns;

	lane->stream = NULL;
	w->config->end(w->config->arg, i, stream, lane->begun_ns, now_ns);
	if (++lane->run < d->runs) {
		next_ns = later_add(lane->first_ns,
		    later_times(d->every_ns, lane->run));
		lane->state = WAITING;
		timeline_set(w->timeline, i,
		    next_ns > now_ns ? next_ns : now_ns);
		return;
	}
	lane->state = ENDED;
	w->left--;
	timeline_set(w->timeline, i, STREAM_NEVER);
	start_followers(w, i, now_ns);
}

/* Asks the streams that wait for a drive again, if something has changed. */
static void ask_again(struct world *w, int64_t now_ns)
{
	uint64_t changes;

	if (w->config->changes == NULL)
		return;
	changes = w->config->changes(w->config->arg);
	if (changes == w->changes)
		return;
	w->changes = changes;
	for (size_t i = 0; i < w->config->count; i++)
		if (w->lanes[i].state == RUNNING &&
		    stream_waits(w->lanes[i].stream))
			timeline_set(w->timeline, i, now_ns);
}

/* Does what is due of dump `i`.  Returns 0, or -1 with a message. */
static int step(struct world *w, size_t i, int64_t now_ns)
{
	struct lane *lane = &w->lanes[i];
	int64_t next_ns;

	if (lane->state == WAITING) {
		lane->stream = w->config->begin(w->config->arg, i, lane->run,
		    w->err, w->err_bytes);
		if (lane->stream == NULL)
			return -1;
		lane->state = RUNNING;
		lane->begun_ns = now_ns;
	}
	if (stream_step(lane->stream, now_ns, WORLD_MAX_NS, &next_ns)) {
		assert(next_ns >= now_ns);
		timeline_set(w->timeline, i, next_ns);
	} else {
		end_run(w, i, now_ns);
	}
	return 0;
}

static int run(struct world *w)
{
	int64_t now_ns;
	size_t i;

	for (i = 0; i < w->config->count; i++) {
		const struct world_dump *d = &w->config->dumps[i];

		assert(d->after <= i && d->runs > 0);
		w->lanes[i].first_ns = d->start_ns;
		timeline_set(w->timeline, i,
		    d->after == i ? d->start_ns : STREAM_NEVER);
	}
	while (w->left > 0) {
		i = timeline_first(w->timeline, &now_ns);
		assert(now_ns != STREAM_NEVER);
		if (now_ns > WORLD_MAX_NS)
			return too_late(w, i);
		if (step(w, i, now_ns) != 0)
			return -1;
		ask_again(w, now_ns);
	}
	return 0;
}

int world_run(const struct world_config *config, char *err, size_t err_bytes)
{
	struct world w = {
		.config = config,
		.lanes = calloc(config->count, sizeof *w.lanes),
		.timeline =
		    timeline_new(config->count, config->count > TIMELINE_SCAN),
		.left = config->count,
		.err = err,
		.err_bytes = err_bytes,
	};
	int rc = -1;

	if (w.lanes == NULL || w.timeline == NULL)
		snprintf(err, err_bytes, "out of memory");
	else
		rc = run(&w);
	for (size_t i = 0; w.lanes != NULL && i < config->count; i++)
		stream_free(w.lanes[i].stream);
	free(w.lanes);
	timeline_free(w.timeline);
	return rc;
}

int world_run_stream(struct stream *stream, char *err, size_t err_bytes)
{
	struct lane lane = { .state = RUNNING, .stream = stream };
	const struct world_dump dump = { .runs = 1 };
	const struct world_config config = { .dumps = &dump, .count = 1 };
	struct world w = { .config = &config,
		.lanes = &lane,
		.err = err,
		.err_bytes = err_bytes };
	int64_t now_ns = 0, next_ns;

	while (stream_step(stream, now_ns, WORLD_MAX_NS, &next_ns)) {
		if (next_ns > WORLD_MAX_NS)
			return too_late(&w, 0);
		now_ns = next_ns;
	}
	return 0;
}

/* execute.c: configures an executor from a scenario. */
#include "sim/run/execute.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/source/cache_fault.h"
#include "sim/source/holding_disk.h"
#include "splitter/base/signals.h"
#include "splitter/base/timer.h"
#include "sim/run/library/bus.h"
#include "sim/setup/sources.h"
#include "splitter/filter/filters.h"
#include "splitter/buffer/slices.h"
#include "splitter/base/clock.h"

/* The fault filter has the operations in the same order. */
static_assert((int)FAIL_HEADER - (int)FAIL_BLOCK ==
	    (int)SPLITTER_FAULT_HEADER &&
	(int)FAIL_FILEMARK - (int)FAIL_BLOCK == (int)SPLITTER_FAULT_FILEMARK &&
	(int)FAIL_LABEL - (int)FAIL_BLOCK == (int)SPLITTER_FAULT_LABEL &&
	(int)FAIL_LOAD - (int)FAIL_BLOCK == (int)SPLITTER_FAULT_LOAD,
    "faults");

struct execution {
	struct execute_config config;
	struct dump_run_config dump_run;
	struct tape_library *bus; /* NULL: no shared bus */
	struct filters filters;   /* filters on top of the library */
	struct cache *cache;
	struct holding_disk *holding; /* NULL: no slices */
	struct holding_disk_damage *damages;
	size_t *fault_places; /* of the faults of `filters`, in the scenario */
	struct source_event *events;
	size_t events_count;
	size_t cancel_place; /* of the fault with cancel_ns */
	int64_t cancel_ns;   /* time of the cancellation; negative: never */
	/* Virtual time: offset of the end of the announced slices. */
	uint64_t announced;
	struct feed_config feed;
};

static bool of_library(const struct scenario_fault *f)
{
	return f->fail >= FAIL_BLOCK && f->fail <= FAIL_LOAD;
}

static void operation_struck(void *arg, size_t fault, const struct tape *tape,
    int64_t now_ns)
{
	const struct execution *x = arg;

	strikes_operation(x->config.strikes, x->fault_places[fault], tape,
	    now_ns);
}

static void cancelled(void *arg)
{
	const struct execution *x = arg;

	strikes_of_dump(x->config.strikes, x->cancel_place, 0);
}

/* Puts the limit, the faults and the trace on top of the library. */
static int add_filters(struct execution *x)
{
	const struct scenario *s = x->config.scenario;
	struct fault *faults = calloc(s->faults_count + 1, sizeof *faults);
	struct filters_config config = {
		.limit = s->has_limit ? &s->limit : NULL,
		.faults = faults,
		.struck = operation_struck,
		.struck_arg = x,
		.line = x->config.line,
		.line_arg = x->config.line_arg,
		.clock_ns = x->config.real ? clock_now_ns : NULL,
	};
	struct tape_library *library = x->config.library;
	size_t i;
	int rc;

	x->fault_places = calloc(s->faults_count + 1, sizeof *x->fault_places);
	if (faults == NULL || x->fault_places == NULL) {
		free(faults);
		return -1;
	}
	for (i = 0; i < s->faults_count; i++) {
		const struct scenario_fault *f = &s->faults[i];

		if (f->dump != x->config.place || !of_library(f))
			continue;
		x->fault_places[config.faults_count] = i;
		faults[config.faults_count++] = (struct fault){
			.at = (enum splitter_fault_at)(f->fail - FAIL_BLOCK),
			.nth = f->nth,
			.cause = f->cause,
			.once = f->once,
		};
	}
	if (x->config.bus != NULL) {
		x->bus = bus_library_new(library, x->config.bus);
		library = x->bus;
	}
	rc = library != NULL ? filters_init(&x->filters, library, &config) : -1;
	free(faults);
	return rc;
}

static int by_offset(const void *a, const void *b)
{
	const struct source_event *x = a, *y = b;

	if (x->at_bytes != y->at_bytes)
		return x->at_bytes < y->at_bytes ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

/* Sets where the producer pauses or ends, and when the dump is cancelled. */
static int add_events(struct execution *x)
{
	const struct scenario *s = x->config.scenario;
	size_t i;

	x->cancel_ns = -1;
	x->events = calloc(s->faults_count + 1, sizeof *x->events);
	if (x->events == NULL)
		return -1;
	for (i = 0; i < s->faults_count; i++) {
		const struct scenario_fault *f = &s->faults[i];
		struct source_event event = { .at_bytes = f->at_bytes,
			.tag = i,
			.duration_ns = f->duration_ns };

		if (f->dump != x->config.place)
			continue;
		if (f->fail == FAIL_CANCEL && f->after_ns >= 0) {
			if (x->cancel_ns < 0 || f->after_ns < x->cancel_ns) {
				x->cancel_ns = f->after_ns;
				x->cancel_place = i;
			}
			continue;
		}
		if (f->fail == FAIL_STALL)
			event.kind = SOURCE_EVENT_STALL;
		else if (f->fail == FAIL_PRODUCER)
			event.kind = SOURCE_EVENT_FAIL;
		else if (f->fail == FAIL_CANCEL)
			event.kind = SOURCE_EVENT_CANCEL;
		else
			continue;
		x->events[x->events_count++] = event;
	}
	if (x->events_count > 0)
		qsort(x->events, x->events_count, sizeof *x->events, by_offset);
	return 0;
}

static int add_cache(struct execution *x, char *err, size_t err_bytes)
{
	const struct execute_config *c = &x->config;
	const struct scenario_dump *s = &c->scenario->dumps[c->place];
	char name[sizeof "holding-" + HEADER_NAME_BYTES] = "holding";
	struct holding_disk_config holding = {
		.seed = c->seed,
		.content = c->content,
		.keep = c->keep,
		.folder = c->payload ? c->folder : NULL,
		.name = name,
	};

	if (sources_cache(c->scenario, c->place, c->payload, &x->cache, err,
		err_bytes) != 0)
		return -1;
	if (x->cache != NULL)
		cache_fault_observe(x->cache, strikes_of_dump, c->strikes);
	if (s->splitter.cache != SPLITTER_CACHE_SLICES)
		return 0;
	if (c->scenario->dumps_count > 1 || s->runs > 1)
		snprintf(name, sizeof name, "holding-%s", c->dump);
	holding.cache = x->cache;
	holding.withheld = strikes_of_dump;
	holding.withheld_arg = c->strikes;
	x->holding = sources_holding_disk(c->scenario, c->place, &holding,
	    &x->damages, err, err_bytes);
	return x->holding == NULL ? -1 : 0;
}

static void configure(struct execution *x)
{
	const struct execute_config *c = &x->config;
	const struct scenario_splitter *s =
	    &c->scenario->dumps[c->place].splitter;

	x->dump_run.core = (struct core_config){
		.block_bytes = s->block_bytes,
		.part_bytes = s->part_bytes,
		.buffer_bytes = s->buffer_bytes,
		.start_fill_bytes =
		    s->buffer_bytes / 100 * s->start_fill_percent +
		    s->buffer_bytes % 100 * s->start_fill_percent / 100,
		.cache = s->cache,
		.streaming = s->has_streaming ? (uint32_t)s->streaming
					      : SPLITTER_STREAMING_NONE,
		.max_volumes = s->max_volumes,
		.max_failed_volumes = s->max_failed_volumes,
		.end_record = 1,
	};
	x->dump_run.writer = (struct writer_config){
		.dump = c->dump,
		.dump_id = c->dump_id,
		.block_bytes = s->block_bytes,
		.volume_policy = { .label_blank = true,
		    .overwrite = { c->overwrite,
			c->overwrite != NULL ? c->scenario->volumes_count
					     : 0 } },
		.can_replay = s->cache != SPLITTER_CACHE_NONE,
		.library = x->filters.library,
	};
	x->dump_run.cache = x->cache;
	recorder_attach(c->recorder, &x->dump_run);
}

static int64_t read_source(void *arg, void *buf, uint64_t bytes)
{
	struct execution *x = arg;

	if (signals_signal() != 0) {
		snprintf(x->config.problem, x->config.problem_bytes,
		    "interrupted");
		return -1;
	}
	if (x->config.read != NULL)
		return x->config.read(x->config.read_arg, buf, bytes);
	return x->holding != NULL
	    ? holding_disk_read(x->holding, buf, bytes, x->config.problem,
		  x->config.problem_bytes)
	    : content_read(x->config.content, buf, bytes, x->config.problem,
		  x->config.problem_bytes);
}

/*
 * Announces a slice that was read since the last call, if there is one, in
 * virtual time.  Returns the end of the last announced slice, in the dump.
 */
static uint64_t announced(void *arg)
{
	struct execution *x = arg;
	struct holding_disk_slice slice;
	uint64_t end;

	if (!holding_disk_announcement(x->holding, &slice))
		return x->announced;
	if (slice.name == NULL) {
		x->announced += slice.bytes;
		return x->announced;
	}
	end = slices_announce(x->cache, slice.name, 0, slice.bytes);
	if (end > 0)
		x->announced = end;
	return x->announced;
}

/* Sets how fast the producer brings the dump. */
static void configure_feed(struct execution *x)
{
	const struct scenario_dump *s =
	    &x->config.scenario->dumps[x->config.place];

	x->feed = s->feed;
	x->feed.seed = x->config.seed;
}

struct execution *execution_new(const struct execute_config *config, char *err,
    size_t err_bytes)
{
	struct execution *x = calloc(1, sizeof *x);

	if (x == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	x->config = *config;
	if (add_filters(x) != 0 || add_events(x) != 0) {
		snprintf(err, err_bytes, "out of memory");
	} else if (add_cache(x, err, err_bytes) == 0) {
		configure(x);
		configure_feed(x);
		if (x->config.adopted == NULL ||
		    adopt_config(x->config.adopted, &x->dump_run) == 0)
			return x;
		snprintf(err, err_bytes, "out of memory");
	}
	execution_free(x);
	return NULL;
}

void execution_free(struct execution *x)
{
	if (x == NULL)
		return;
	holding_disk_free(x->holding);
	free(x->damages);
	if (x->cache != NULL)
		x->cache->ops->free(x->cache);
	filters_clear(&x->filters);
	bus_library_free(x->bus);
	free(x->events);
	free(x->fault_places);
	free(x);
}

static struct source_events events_of(const struct execution *x)
{
	return (struct source_events){ .list = x->events,
		.count = x->events_count,
		.struck = strikes_of_dump,
		.struck_arg = x->config.strikes };
}

struct stream *execution_stream(struct execution *x, char *err,
    size_t err_bytes)
{
	const struct scenario_dump *s =
	    &x->config.scenario->dumps[x->config.place];
	bool made = s->source == SOURCE_RANDOM || s->source == SOURCE_ZEROS;
	const struct stream_config config = {
		.dump_run = x->dump_run,
		.feed = x->feed,
		.spool = { s->splitter.spool_bytes_per_s,
		    s->splitter.spool_latency_ns },
		.events = events_of(x),
		.read = read_source,
		.read_arg = x,
		.announced = x->holding != NULL ? announced : NULL,
		.size_bytes = made && x->config.adopted == NULL ? s->size_bytes
								: UINT64_MAX,
		.payload = x->config.payload,
		.cancel_ns = x->cancel_ns,
		.cancelled = cancelled,
		.cancelled_arg = x,
		.clock_ns = strikes_clock_ns(x->config.strikes),
		.sums = recorder_sums(x->config.recorder),
		.more_runs = x->config.more_runs,
		.piece_bytes = x->config.piece_bytes,
		.load_ns = x->config.load_ns,
		.withdraw = x->config.withdraw,
		.load_arg = x->config.load_arg,
		.limit = x->config.limit,
		.leaps = x->config.leaps && made && !x->config.payload &&
		    x->holding == NULL && x->config.limit == NULL &&
		    x->config.bus == NULL,
	};

	return stream_new(&config, err, err_bytes);
}

struct realtime *execution_realtime(struct execution *x,
    void (*stopped)(void *arg), void *stopped_arg, char *err, size_t err_bytes)
{
	const struct realtime_config config = {
		.dump_run = &x->dump_run,
		.feed = x->feed,
		.events = events_of(x),
		.limit = x->config.limit,
		.cancel_ns = x->cancel_ns,
		.cancelled = cancelled,
		.cancelled_arg = x,
		.content = x->config.content,
		.read = x->config.read,
		.read_arg = x->config.read_arg,
		.holding = x->holding,
		.problem = x->config.problem,
		.problem_bytes = x->config.problem_bytes,
		.stopped = stopped,
		.stopped_arg = stopped_arg,
	};

	recorder_keep_sums(x->config.recorder);
	return realtime_new(&config, err, err_bytes);
}

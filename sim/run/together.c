/* together.c: all dumps of a run, in virtual or in real time. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/impl.h"
#include "sim/run/realtime.h"
#include "sim/run/too_long.h"
#include "sim/run/virtual/world.h"
#include "splitter/base/clock.h"
#include "splitter/base/later.h"
#include "splitter/base/signals.h"
#include "splitter/base/timer.h"

/* Virtual time. */

static struct stream *begin(void *arg, size_t i, uint64_t number, char *err,
    size_t err_bytes)
{
	struct run *r = arg;

	return dump_begin(&r->dumps[i], number, err, err_bytes) != 0
	    ? NULL
	    : execution_stream(r->dumps[i].execution, err, err_bytes);
}

static void end(void *arg, size_t i, struct stream *stream, int64_t begun_ns,
    int64_t now_ns)
{
	struct run *r = arg;

	if (r->options->leapt != NULL)
		*r->options->leapt += stream_leapt(stream);
	dump_end(&r->dumps[i], stream_outcome(stream), begun_ns, now_ns);
	stream_free(stream);
}

static uint64_t changes(void *arg)
{
	const struct run *r = arg;

	return share_changes(r->share);
}

static int run_virtual(struct run *r)
{
	const struct scenario *s = r->scenario;
	struct world_dump *dumps = calloc(s->dumps_count, sizeof *dumps);
	const struct world_config config = {
		.dumps = dumps,
		.count = s->dumps_count,
		.begin = begin,
		.end = end,
		.changes = r->share != NULL ? changes : NULL,
		.arg = r,
	};
	int rc;

	if (dumps == NULL) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	if (too_long_check(s, r->err, r->err_bytes) != 0) {
		free(dumps);
		return -1;
	}
	for (size_t i = 0; i < s->dumps_count; i++)
		dumps[i] = (struct world_dump){
			.name = s->dumps[i].name,
			.after = s->dumps[i].after,
			.start_ns = s->dumps[i].start_ns,
			.runs = s->dumps[i].runs,
			.every_ns = s->dumps[i].every_ns,
		};
	rc = world_run(&config, r->err, r->err_bytes);
	free(dumps);
	return rc;
}

/* Real time: each dump has a thread, which is its producer. */

struct worker {
	struct dump *dump;
	struct workers *all;
	pthread_t thread;
	bool started, ended;
	struct realtime *realtime; /* of the run in progress; or NULL */
	int64_t ended_ns;          /* when its last run ended */
	char err[VOLUME_MESSAGE_BYTES];
	bool failed; /* a run could not be started: see `err` */
};

struct workers {
	struct run *run;
	struct worker *worker;
	size_t count;
	int64_t origin_ns; /* the time on the clock that is 0 in the results */
	bool stop;         /* begin no further runs */
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

/* Ends everything: the dumps in progress, and the waits for their starts. */
static void stop_all(void *arg)
{
	struct workers *all = arg;

	pthread_mutex_lock(&all->lock);
	all->stop = true;
	for (size_t i = 0; i < all->count; i++)
		if (all->worker[i].realtime != NULL)
			realtime_cancel(all->worker[i].realtime);
	pthread_cond_broadcast(&all->changed);
	pthread_mutex_unlock(&all->lock);
}

/* Waits until a time on the clock.  Returns false if all must stop. */
static bool wait_until(struct workers *all, int64_t at_ns)
{
	const struct timespec at = { .tv_sec = (time_t)(at_ns / 1000000000),
		.tv_nsec = (long)(at_ns % 1000000000) };
	bool stop;

	pthread_mutex_lock(&all->lock);
	while (!all->stop && clock_now_ns() < at_ns)
		pthread_cond_timedwait(&all->changed, &all->lock, &at);
	stop = all->stop;
	pthread_mutex_unlock(&all->lock);
	return !stop;
}

/* Waits until a dump has ended.  Returns when, or -1 if all must stop. */
static int64_t wait_for(struct workers *all, const struct worker *before)
{
	int64_t at_ns;

	pthread_mutex_lock(&all->lock);
	while (!all->stop && !before->ended)
		pthread_cond_wait(&all->changed, &all->lock);
	at_ns = all->stop ? -1 : before->ended_ns;
	pthread_mutex_unlock(&all->lock);
	return at_ns;
}

/* The dump must not wait for a drive any more. */
static void stopped(void *arg)
{
	const struct dump *d = arg;

	if (d->run->share != NULL)
		share_cancel(d->run->share, d->place);
}

/* Sets the run that stop_all() ends; NULL: none. */
static void set_realtime(struct worker *w, struct realtime *realtime)
{
	pthread_mutex_lock(&w->all->lock);
	w->realtime = realtime;
	if (realtime != NULL && w->all->stop)
		realtime_cancel(realtime);
	pthread_mutex_unlock(&w->all->lock);
}

/* Carries out one run.  Returns 0, or -1 with a message. */
static int run_once(struct worker *w, uint64_t number)
{
	struct dump *d = w->dump;
	struct dump_run_outcome outcome;
	struct realtime *realtime;
	int64_t begun_ns;

	if (dump_begin(d, number, w->err, sizeof w->err) != 0)
		return -1;
	if (d->run->share != NULL)
		share_begin_run(d->run->share, d->place);
	begun_ns = clock_now_ns() - w->all->origin_ns;
	recorder_set_origin(d->recorder, begun_ns);
	realtime =
	    execution_realtime(d->execution, stopped, d, w->err, sizeof w->err);
	if (realtime == NULL)
		return -1;
	set_realtime(w, realtime);
	realtime_run(realtime, &outcome);
	set_realtime(w, NULL);
	realtime_free(realtime);
	recorder_end_sums(d->recorder, &outcome);
	dump_end(d, &outcome, begun_ns,
	    later_add(begun_ns, outcome.duration_ns));
	return 0;
}

/* Carries out all runs of a dump, each at its time. */
static void run_all(struct worker *w)
{
	const struct scenario_dump *s =
	    &w->dump->run->scenario->dumps[w->dump->place];
	struct workers *all = w->all;
	int64_t first_ns = all->origin_ns;

	if (s->after != w->dump->place)
		first_ns = wait_for(all, &all->worker[s->after]);
	if (first_ns < 0)
		return;
	first_ns = later_add(first_ns, s->start_ns);
	for (uint64_t n = 0; n < s->runs && !w->failed; n++) {
		if (!wait_until(all,
			later_add(first_ns, later_times(s->every_ns, n))) &&
		    n > 0)
			break;
		w->failed = run_once(w, n) != 0;
	}
	recorder_end_series(w->dump->recorder);
}

static void *work(void *arg)
{
	struct worker *w = arg;

	run_all(w);
	pthread_mutex_lock(&w->all->lock);
	w->ended = true;
	w->ended_ns = clock_now_ns();
	pthread_cond_broadcast(&w->all->changed);
	pthread_mutex_unlock(&w->all->lock);
	return NULL;
}

/* Starts a thread for each dump but the first, which uses this thread. */
static void run_workers(struct workers *all)
{
	int error;

	for (size_t i = 1; i < all->count; i++) {
		struct worker *w = &all->worker[i];

		error = pthread_create(&w->thread, NULL, work, w);
		w->started = error == 0;
		if (w->started)
			continue;
		w->failed = true;
		snprintf(w->err, sizeof w->err, "cannot start a thread: %s",
		    strerror(error));
		stop_all(all);
		break;
	}
	work(&all->worker[0]);
	for (size_t i = 1; i < all->count; i++)
		if (all->worker[i].started)
			pthread_join(all->worker[i].thread, NULL);
}

static int run_real(struct run *r)
{
	struct workers all = { .run = r,
		.count = r->scenario->dumps_count,
		.origin_ns = clock_now_ns() };
	pthread_condattr_t monotonic;
	int rc = 0;

	all.worker = calloc(all.count, sizeof *all.worker);
	if (all.worker == NULL) {
		snprintf(r->err, r->err_bytes, "out of memory");
		return -1;
	}
	for (size_t i = 0; i < all.count; i++) {
		all.worker[i].dump = &r->dumps[i];
		all.worker[i].all = &all;
	}
	pthread_mutex_init(&all.lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&all.changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	strikes_set_origin(r->strikes, all.origin_ns);
	signals_on(stop_all, &all);
	run_workers(&all);
	signals_on(NULL, NULL);
	for (size_t i = 0; i < all.count && rc == 0; i++)
		if (all.worker[i].failed) {
			snprintf(r->err, r->err_bytes, "%s", all.worker[i].err);
			rc = -1;
		}
	pthread_cond_destroy(&all.changed);
	pthread_mutex_destroy(&all.lock);
	free(all.worker);
	return rc;
}

int together_run(struct run *r)
{
	return r->options->real ? run_real(r) : run_virtual(r);
}

/*
 * pool.c: see pool.h.
 *
 *     entries:  not started -> running -> waits for its turn -> given out
 *
 * They are started in the order of `order`, and given out in that of the suite.
 */
#include "sim/suite/pool.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/output.h"
#include "sim/run/process.h"
#include "splitter/base/clock.h"
#include "splitter/base/signals.h"

/* An entry with more runs of dumps than this is started first. */
enum { RUNS_MANY = 500 };

enum { PROGRESS_MS = 1000, NS_PER_MS = 1000000 };

/* A process of the pool. */
struct worker {
	bool busy;
	size_t entry;
	struct pool_result *result; /* owned; to be filled */
	struct process process;
	int64_t begun_ns, timeout_ns;
	bool timed_out;
};

struct pool {
	const struct suite *suite;
	const struct pool_options *options;
	struct worker *workers;
	/* The results of entries that wait for their turn. */
	struct pool_result **waiting;
	size_t *order; /* the entries, in the order in which they are started */
	size_t next;   /* the place in `order` of the next one */
	size_t given;  /* number of results given to `done` */
	size_t ended, running;
	bool over; /* nothing more is started */
};

struct run_options pool_run_options(const struct suite_entry *e,
    const struct run_options *options)
{
	struct run_options o = *options;

	if (e->clock != COMPOSE_ANY_CLOCK)
		o.real = e->clock == COMPOSE_REAL;
	if (e->has_seed)
		o.seed = e->seed;
	return o;
}

unsigned pool_processors(void)
{
	cpu_set_t set;
	int count =
	    sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

	return count < 1                   ? 1
	    : count > SIGNALS_CHILDREN_MAX ? SIGNALS_CHILDREN_MAX
					   : (unsigned)count;
}

/* What the process of an entry needs to know. */
struct task {
	const struct suite_entry *entry;
	const char *trace_below;
};

/* Makes the folders for the traces.  Returns 0, or -1 with a message. */
static int make_trace_folders(const struct scenario *s, const char *name,
    const char *out, char *err, size_t err_bytes)
{
	int rc = 0;

	for (size_t i = 0; i < s->dumps_count && rc == 0; i++) {
		char *folder = results_dump_folder(name, s->dumps[i].name);
		char *path = NULL;

		if (folder == NULL ||
		    asprintf(&path, "%s/%s", out, folder) < 0) {
			snprintf(err, err_bytes, "out of memory");
			path = NULL;
			rc = -1;
		} else {
			rc = report_output_folder(path, err, err_bytes);
		}
		free(folder);
		free(path);
	}
	return rc;
}

/* In the process of the entry: reads its scenario. */
static struct scenario *get_scenario(void *arg, char *err, size_t err_bytes)
{
	const struct task *t = arg;
	struct scenario *s = suite_scenario(t->entry, err, err_bytes);

	if (s != NULL && t->trace_below != NULL &&
	    make_trace_folders(s, t->entry->name, t->trace_below, err,
		err_bytes) != 0) {
		scenario_free(s);
		return NULL;
	}
	return s;
}

static void result_free(struct pool_result *result)
{
	if (result == NULL)
		return;
	if (result->results != NULL)
		results_scenario_free(result->results);
	free(result->printed);
	free(result);
}

static struct pool_result *result_new(void)
{
	struct pool_result *result = calloc(1, sizeof *result);

	if (result != NULL)
		result->status = RUN_IMPOSSIBLE;
	return result;
}

static void end(struct pool *p, size_t entry, struct pool_result *result)
{
	p->waiting[entry] = result;
	p->ended++;
}

/* Starts an entry with a worker that is not busy. */
static void start(struct pool *p, struct worker *w, size_t entry)
{
	const struct suite_entry *e = &p->suite->entries[entry];
	const struct pool_options *o = p->options;
	struct pool_result *result = result_new();
	struct task task = { e, o->run.trace_below };
	const struct process_task t = {
		.get = get_scenario,
		.arg = &task,
		.name = e->name,
		.file = e->of->file,
		.options = pool_run_options(e, &o->run),
	};

	if (result == NULL) {
		fprintf(stderr, "tapelab: out of memory\n");
		p->over = true;
		return;
	}
	if (o->begin != NULL && !o->begin(o->arg, e, result)) {
		end(p, entry, result);
		return;
	}
	if (process_start(&w->process, &t, result->message,
		sizeof result->message) != 0) {
		if (signals_signal() == 0) {
			end(p, entry, result);
		} else {
			result_free(result); /* it was not run */
		}
		return;
	}
	w->result = result;
	w->busy = true;
	w->timed_out = false;
	w->entry = entry;
	w->begun_ns = clock_now_ns();
	w->timeout_ns = e->timeout_ns > 0 ? e->timeout_ns : o->timeout_ns;
	p->running++;
}

static void start_some(struct pool *p)
{
	for (unsigned i = 0; i < p->options->jobs; i++)
		while (!p->workers[i].busy && !p->over &&
		    p->next < p->suite->count && signals_signal() == 0)
			start(p, &p->workers[i], p->order[p->next++]);
}

static void finish(struct pool *p, struct worker *w)
{
	struct pool_result *result = w->result;
	size_t bytes;
	FILE *printed = open_memstream(&result->printed, &bytes);

	result->status =
	    process_finish(&w->process, printed != NULL ? printed : stderr,
		&result->results, result->message, sizeof result->message);
	if (printed != NULL)
		fclose(printed);
	if (w->timed_out) {
		result->status = RUN_JUDGED;
		result->timed_out = true;
	}
	w->busy = false;
	p->running--;
	end(p, w->entry, result);
}

/* Gives out the next result, and frees it. */
static void give_one(struct pool *p, struct pool_result *result)
{
	if (result->printed != NULL)
		fputs(result->printed, stderr);
	if (!p->options->done(p->options->arg, &p->suite->entries[p->given],
		result))
		p->over = true;
	result_free(result);
	p->waiting[p->given++] = NULL;
}

/* Gives out the results whose turn has come. */
static void give(struct pool *p)
{
	while (p->given < p->suite->count && p->waiting[p->given] != NULL &&
	    !p->over)
		give_one(p, p->waiting[p->given]);
}

/* Returns how long to wait until a worker is late, or for the progress. */
static int patience_ms(const struct pool *p)
{
	int64_t now = clock_now_ns(), least = -1;

	for (unsigned i = 0; i < p->options->jobs; i++) {
		const struct worker *w = &p->workers[i];
		int64_t left = w->begun_ns + w->timeout_ns - now;

		if (w->busy && w->timeout_ns > 0 && !w->timed_out &&
		    (least == -1 || left < least))
			least = left > 0 ? left : 0;
	}
	if (least != -1)
		least = least / NS_PER_MS + 1;
	if (p->options->progress != NULL &&
	    (least == -1 || least > PROGRESS_MS))
		least = PROGRESS_MS;
	return least > INT32_MAX ? INT32_MAX : (int)least;
}

static void stop_late(struct pool *p)
{
	int64_t now = clock_now_ns();

	for (unsigned i = 0; i < p->options->jobs; i++) {
		struct worker *w = &p->workers[i];

		if (!w->busy || w->timeout_ns == 0 || w->timed_out ||
		    now - w->begun_ns < w->timeout_ns)
			continue;
		w->timed_out = true;
		process_stop(&w->process);
	}
}

/* Waits until a process ends, or until a time that matters. */
static void wait_for_one(struct pool *p, struct pollfd *fds)
{
	nfds_t count = 0;

	for (unsigned i = 0; i < p->options->jobs; i++)
		if (p->workers[i].busy)
			fds[count++] =
			    (struct pollfd){ .fd =
						 p->workers[i].process.ended_fd,
				    .events = POLLIN };
	if (poll(fds, count, patience_ms(p)) == -1)
		count = 0;
	stop_late(p);
	for (unsigned i = 0; i < p->options->jobs; i++)
		for (nfds_t f = 0; f < count && p->workers[i].busy; f++)
			if (fds[f].fd == p->workers[i].process.ended_fd &&
			    fds[f].revents != 0)
				finish(p, &p->workers[i]);
	if (p->options->progress != NULL)
		p->options->progress(p->options->arg, p->ended, p->running);
}

/* Kills the processes that still run, after `done` has stopped the pool. */
static void stop_rest(struct pool *p)
{
	for (unsigned i = 0; i < p->options->jobs; i++)
		if (p->workers[i].busy) {
			process_stop(&p->workers[i].process);
			finish(p, &p->workers[i]);
		}
}

/* Gives out the results of the entries that are left.  Returns 0 or -1. */
static int give_rest(struct pool *p)
{
	bool dropped = p->over;

	while (p->given < p->suite->count) {
		struct pool_result *result = p->waiting[p->given];

		if (result == NULL || dropped) {
			result_free(result);
			p->waiting[p->given] = NULL;
			result = result_new();
			if (result == NULL)
				return -1;
			result->not_run = true;
		}
		give_one(p, result);
	}
	return 0;
}

/* Sets the order in which entries are started. */
static void set_order(struct pool *p)
{
	size_t count = 0;

	for (int many = 1; many >= 0; many--)
		for (size_t i = 0; i < p->suite->count; i++)
			if ((p->suite->entries[i].runs > RUNS_MANY) ==
			    (many == 1))
				p->order[count++] = i;
}

static void run_entries(struct pool *p, struct pollfd *fds)
{
	set_order(p);
	start_some(p);
	give(p);
	while (p->running > 0 && !p->over) {
		wait_for_one(p, fds);
		start_some(p);
		give(p);
	}
	stop_rest(p);
}

int pool_run(const struct suite *suite, const struct pool_options *options)
{
	struct pool p = { .suite = suite, .options = options };
	struct pollfd *fds = calloc(options->jobs, sizeof *fds);
	int rc = -1;

	p.workers = calloc(options->jobs, sizeof *p.workers);
	p.waiting = calloc(suite->count + 1, sizeof *p.waiting);
	p.order = calloc(suite->count + 1, sizeof *p.order);
	if (fds != NULL && p.workers != NULL && p.waiting != NULL &&
	    p.order != NULL) {
		run_entries(&p, fds);
		rc = give_rest(&p);
	}
	for (size_t i = 0; p.waiting != NULL && i < suite->count; i++)
		result_free(p.waiting[i]);
	free(fds);
	free(p.workers);
	free(p.waiting);
	free(p.order);
	return rc;
}

/* engine.c: a dump begins and ends in real time. */
#include "splitter/engine/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t now_of(void *arg)
{
	return now(arg);
}

/*
 * Does everything that can fail at the start, except starting the tape thread.
 */
static int prepare(struct engine *e, char *err, size_t err_bytes)
{
	if (dump_run_check(&e->config, err, err_bytes) != 0)
		return -1;
	core_init(&e->core, &e->config.core);
	e->ring = ring_new(core_ring_bytes(&e->core), err, err_bytes);
	if (e->ring == NULL)
		return -1;
	e->config.writer.end_record = e->core.config.end_record;
	e->config.writer.ring = e->ring;
	e->config.writer.cache = e->config.cache;
	e->config.writer.now_ns = now_of;
	e->config.writer.now_arg = e;
	e->writer = writer_new(&e->config.writer, err, err_bytes);
	if (e->writer == NULL)
		return -1;
	writer_on_progress(e->writer, engine_on_progress, e);
	return 0;
}

static void release(struct engine *e)
{
	writer_free(e->writer);
	ring_free(e->ring);
	sync_cond_destroy(&e->room);
	sync_cond_destroy(&e->work);
	sync_cond_destroy(&e->blocks);
	sync_lock_destroy(&e->lock);
	free(e);
}

/* Ends the spool thread, and waits until it has ended. */
static void end_spool(struct engine *e)
{
	sync_lock(&e->lock);
	e->ended = true;
	wake_spool(e);
	sync_unlock(&e->lock);
	sync_join(&e->spool_thread);
}

static int start_threads(struct engine *e, char *err, size_t err_bytes)
{
	int failed = 0;

	e->spools =
	    e->config.cache != NULL && e->config.cache->ops->append != NULL;
	if (e->spools)
		failed = sync_start(&e->spool_thread, engine_spool_thread, e,
		    "spool");
	if (failed == 0) {
		failed = sync_start(&e->thread, engine_tape_thread, e, "tape");
		if (failed != 0 && e->spools)
			end_spool(e);
	}
	if (failed == 0)
		return 0;
	snprintf(err, err_bytes, "cannot start a thread: %s", strerror(failed));
	return -1;
}

struct engine *engine_start(const struct dump_run_config *config, char *err,
    size_t err_bytes)
{
	struct engine *e = calloc(1, sizeof *e);

	if (e == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	e->config = *config;
	e->spooling_from = NOWHERE;
	sync_lock_init(&e->lock);
	sync_cond_init(&e->room);
	sync_cond_init(&e->work);
	sync_cond_init(&e->blocks);
	e->start_ns = clock_now_ns();
	if (prepare(e, err, err_bytes) != 0) {
		release(e);
		return NULL;
	}
	if (start_threads(e, err, err_bytes) != 0) {
		release(e);
		return NULL;
	}
	return e;
}

void engine_get_progress(struct engine *e, struct engine_progress *p)
{
	sync_lock(&e->lock);
	p->accepted_bytes = e->core.accepted;
	p->consumed_bytes = e->core.consumed;
	p->safe_bytes = e->core.safe;
	p->part = e->core.part;
	p->part_bytes = e->core.attempted - e->core.committed;
	sync_unlock(&e->lock);
}

void engine_wait(struct engine *e, struct dump_run_outcome *outcome)
{
	if (!e->joined) {
		sync_join(&e->thread);
		if (e->spools)
			sync_join(&e->spool_thread);
	}
	e->joined = true;
	*outcome = e->outcome;
}

void engine_free(struct engine *e)
{
	struct dump_run_outcome outcome;

	if (e == NULL)
		return;
	if (!e->joined && !e->end_reported)
		engine_cancel(e);
	engine_wait(e, &outcome);
	release(e);
}

/* tape_thread.c: performs the steps of the core, and waits for the next. */
#include "splitter/engine/impl.h"

#include <string.h>

enum { REST_NS = 100000 };

void engine_on_progress(void *arg, uint64_t bytes)
{
	struct engine *e = arg;

	sync_lock(&e->lock);
	core_progress(&e->core, bytes);
	wake_producer(e);
	sync_unlock(&e->lock);
}

/*
 * Sleeps until the core may have a step.  The caller holds the lock.  If the
 * producer woke the tape thread for each block, each wake would cost the
 * producer more than the block.  So with `rest` the tape thread first sleeps
 * for a moment, and then finds several blocks.
 */
static void wait_for_work(struct engine *e, bool rest)
{
	bool in_part = core_in_part(&e->core);
	int64_t begun = now(e);

	e->tape_waits = true;
	e->tape_rests = rest && in_part;
	if (e->tape_rests)
		sync_wait_at_most(&e->work, &e->lock, REST_NS, "tape: a rest");
	else
		sync_wait(&e->work, &e->lock, "tape: work");
	e->tape_waits = e->tape_rests = false;
	if (in_part)
		e->outcome.drive_starved_ns += now(e) - begun;
}

/*
 * Waits for the next step.  Returns false when the dump has ended.  The caller
 * holds the lock.
 */
static bool next_step(struct engine *e, struct core_step *step)
{
	bool waited = false;

	while (!core_next(&e->core, step)) {
		if (!waited && core_in_part(&e->core))
			e->outcome.underruns++;
		wait_for_work(e, !waited);
		waited = true;
	}
	return step->kind != CORE_DONE;
}

/*
 * Reports the result of a step to the core, and wakes the other threads.  The
 * caller holds the lock.
 */
static void step_done(struct engine *e, const struct core_result *result)
{
	uint64_t committed = e->core.committed;

	core_done(&e->core, result);
	if (e->core.committed > committed && e->config.cache != NULL)
		e->config.cache->ops->forget(e->config.cache,
		    e->core.committed);
	wake_producer(e);
	wake_spool(e);
}

/*
 * Reports the events since the last call.  Releases the lock during the
 * reports.
 */
static void report(struct engine *e, const struct dump_sample *m)
{
	const struct writer_events *events = &e->config.writer.events;
	char warning[TAPE_MESSAGE_BYTES];

	memcpy(warning, e->cache_warning, sizeof warning);
	e->cache_warning[0] = '\0';
	sync_unlock(&e->lock);
	if (warning[0] != '\0' && events->warning != NULL)
		events->warning(events->arg, warning, m->now_ns);
	if (e->config.sample != NULL)
		e->config.sample(e->config.sample_arg, m);
	sync_lock(&e->lock);
}

/* The engine whose tape thread this thread is. */
static _Thread_local const struct engine *own;

bool engine_is_tape_thread(const struct engine *e)
{
	return own == e;
}

void *engine_tape_thread(void *arg)
{
	struct engine *e = arg;
	struct core_step step;
	struct core_result result;
	struct dump_sample m = { .step = &step, .result = &result };
	int64_t done;

	own = e;
	sync_lock(&e->lock);
	while (next_step(e, &step)) {
		sync_unlock(&e->lock);
		m.begun_ns = now(e);
		writer_step(e->writer, &step, m.begun_ns, &result, &done);
		m.now_ns = now(e);
		sync_lock(&e->lock);
		step_done(e, &result);
		m.accepted_bytes = e->core.accepted;
		m.waiting_bytes = e->core.accepted - e->core.consumed;
		report(e, &m);
	}
	dump_run_ended(&e->core, &step, e->writer, &e->outcome);
	e->outcome.duration_ns = now(e);
	e->ended = true;
	wake_producer(e);
	wake_spool(e);
	sync_unlock(&e->lock);
	if (e->config.ended != NULL)
		e->config.ended(e->config.ended_arg);
	return NULL;
}

/* handoff.c: waits for volumes, and for the start of parts. */
#include "splitter/engine/handoff.h"

#include <stdio.h>
#include <string.h>

/* Sleeps until the program makes a call.  The caller holds the lock. */
static void wait_told(struct handoff *e, const char *place)
{
	e->waits = true;
	sync_wait(&e->told, &e->lock, place);
	e->waits = false;
}

/*
 * Wakes the tape thread after a call of the program.  The caller holds the
 * lock.
 */
static void wake(struct handoff *e)
{
	if (e->waits)
		sync_signal(&e->told);
}

static bool is_over(const struct handoff *e)
{
	return e->gave_up || e->stopped;
}

/* Reports that a tape is needed.  Releases the lock during the report. */
static void want(struct handoff *e)
{
	bool wanted = e->next == NULL && !is_over(e);

	if (!wanted || e->events.tape_wanted == NULL)
		return;
	sync_unlock(&e->lock);
	e->events.tape_wanted(e->events.arg);
	sync_lock(&e->lock);
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct handoff *e = (struct handoff *)library;
	struct tape *tape = NULL;
	bool stopped;

	tape_result_init(result, now_ns);
	sync_lock(&e->lock);
	want(e);
	while (!is_over(e) && (e->next == NULL || e->start == HANDOFF_FIRST))
		wait_told(e, "tape: a volume, and the first part");
	stopped = e->stopped;
	if (!is_over(e)) {
		tape = e->next;
		e->next = NULL;
	}
	sync_unlock(&e->lock);
	if (tape != NULL)
		return tape;
	/*
	 * TAPE_NO_VOLUME would end the dump as PARTIAL.  After a stop the core
	 * already knows the reason, so another cause is returned.
	 */
	result->cause = stopped ? TAPE_UNKNOWN_ERROR : TAPE_NO_VOLUME;
	snprintf(result->message, sizeof result->message,
	    stopped
		? "the dump was stopped while it waited for a volume"
		: "the program that writes this dump has no more volumes for it");
	return NULL;
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct handoff *e = (struct handoff *)library;

	tape_result_init(result, now_ns);
	if (e->events.tape_returned != NULL)
		e->events.tape_returned(e->events.arg, tape, why);
}

int handoff_use(struct handoff *e, struct tape *tape)
{
	int rc = -1;

	sync_lock(&e->lock);
	if (e->next == NULL && !e->ended && !is_over(e)) {
		e->next = tape;
		wake(e);
		rc = 0;
	}
	sync_unlock(&e->lock);
	return rc;
}

int handoff_start(struct handoff *e, bool retry)
{
	int rc = -1;

	sync_lock(&e->lock);
	if (e->start != HANDOFF_NONE && retry == (e->start == HANDOFF_RETRY)) {
		e->start = HANDOFF_NONE;
		wake(e);
		rc = 0;
	}
	sync_unlock(&e->lock);
	return rc;
}

void handoff_give_up(struct handoff *e)
{
	sync_lock(&e->lock);
	e->gave_up = true;
	wake(e);
	sync_unlock(&e->lock);
}

void handoff_stop(struct handoff *e)
{
	sync_lock(&e->lock);
	e->stopped = true;
	wake(e);
	sync_unlock(&e->lock);
}

/* Returns which start the program must call after this attempt. */
static enum handoff_start start_after(const struct core_report *r)
{
	if (r->committed)
		return r->last ? HANDOFF_NONE : HANDOFF_NEXT;
	return r->can_retry ? HANDOFF_RETRY : HANDOFF_NONE;
}

void handoff_attempt(struct handoff *e, const struct core_report *report)
{
	sync_lock(&e->lock);
	e->start = start_after(report);
	sync_unlock(&e->lock);
}

enum splitter_decision handoff_policy(void *arg,
    const struct core_report *report)
{
	struct handoff *e = arg;
	enum splitter_decision answer = policy_default(NULL, report);

	sync_lock(&e->lock);
	while (e->start != HANDOFF_NONE && !is_over(e))
		wait_told(e, "tape: the next part, or a retry");
	if (e->start != HANDOFF_NONE)
		answer = SPLITTER_GIVE_UP;
	e->start = HANDOFF_NONE;
	sync_unlock(&e->lock);
	return answer;
}

void handoff_end(struct handoff *e)
{
	struct tape *unused;

	sync_lock(&e->lock);
	e->ended = true;
	e->start = HANDOFF_NONE;
	unused = e->next;
	e->next = NULL;
	sync_unlock(&e->lock);
	if (unused != NULL && e->events.tape_returned != NULL)
		e->events.tape_returned(e->events.arg, unused,
		    TAPE_CLOSE_REFUSED);
}

static const struct tape_library_ops ops = {
	.load = load,
	.load_named = NULL,
	.unload = unload,
};

void handoff_init(struct handoff *e, const struct handoff_events *events)
{
	memset(e, 0, sizeof *e);
	e->library.ops = &ops;
	e->events = *events;
	e->start = HANDOFF_FIRST;
	sync_lock_init(&e->lock);
	sync_cond_init(&e->told);
}

void handoff_destroy(struct handoff *e)
{
	sync_cond_destroy(&e->told);
	sync_lock_destroy(&e->lock);
}

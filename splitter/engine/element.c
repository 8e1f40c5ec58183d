/* element.c: waits for volumes, and for parts to be begun. */
#include "splitter/engine/element.h"

#include <stdio.h>
#include <string.h>

/* Sleeps until something was told.  Locked. */
static void wait_told(struct element *e, const char *place)
{
	e->waits = true;
	sync_wait(&e->told, &e->lock, place);
	e->waits = false;
}

/* Something was told.  Locked. */
static void wake(struct element *e)
{
	if (e->waits)
		sync_signal(&e->told);
}

static bool is_over(const struct element *e)
{
	return e->gave_up || e->stopped;
}

/* Tells that a tape is wanted, without the lock. */
static void want(struct element *e)
{
	bool wanted = e->next == NULL && !is_over(e);

	if (!wanted || e->events.want_tape == NULL)
		return;
	sync_unlock(&e->lock);
	e->events.want_tape(e->events.arg);
	sync_lock(&e->lock);
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct element *e = (struct element *)library;
	struct tape *tape = NULL;
	bool stopped;

	tape_result_init(result, now_ns);
	sync_lock(&e->lock);
	want(e);
	while (!is_over(e) && (e->next == NULL || e->start == ELEMENT_FIRST))
		wait_told(e, "tape: a volume, and the first part");
	stopped = e->stopped;
	if (!is_over(e)) {
		tape = e->next;
		e->next = NULL;
	}
	sync_unlock(&e->lock);
	if (tape != NULL)
		return tape;
	/* No more volumes is an outcome; the core knows why it was stopped. */
	result->cause = stopped ? TAPE_UNKNOWN : TAPE_NONE;
	snprintf(result->message, sizeof result->message,
	    stopped
		? "the dump was stopped while it waited for a volume"
		: "the program that writes this dump has no more volumes for it");
	return NULL;
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct element *e = (struct element *)library;

	tape_result_init(result, now_ns);
	if (e->events.tape_done != NULL)
		e->events.tape_done(e->events.arg, tape, why);
}

int element_use(struct element *e, struct tape *tape)
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

int element_start(struct element *e, bool retry)
{
	int rc = -1;

	sync_lock(&e->lock);
	if (e->start != ELEMENT_NONE && retry == (e->start == ELEMENT_RETRY)) {
		e->start = ELEMENT_NONE;
		wake(e);
		rc = 0;
	}
	sync_unlock(&e->lock);
	return rc;
}

void element_give_up(struct element *e)
{
	sync_lock(&e->lock);
	e->gave_up = true;
	wake(e);
	sync_unlock(&e->lock);
}

void element_stop(struct element *e)
{
	sync_lock(&e->lock);
	e->stopped = true;
	wake(e);
	sync_unlock(&e->lock);
}

/* What is to be decided behind this attempt. */
static enum element_start start_after(const struct core_report *r)
{
	if (r->committed)
		return r->last ? ELEMENT_NONE : ELEMENT_NEXT;
	return r->can_retry ? ELEMENT_RETRY : ELEMENT_NONE;
}

void element_attempt(struct element *e, const struct core_report *report)
{
	sync_lock(&e->lock);
	e->start = start_after(report);
	sync_unlock(&e->lock);
}

enum core_answer element_policy(void *arg, const struct core_report *report)
{
	struct element *e = arg;
	enum core_answer answer = policy_default(NULL, report);

	sync_lock(&e->lock);
	while (e->start != ELEMENT_NONE && !is_over(e))
		wait_told(e, "tape: the next part, or a retry");
	if (e->start != ELEMENT_NONE)
		answer = CORE_GIVE_UP;
	e->start = ELEMENT_NONE;
	sync_unlock(&e->lock);
	return answer;
}

void element_end(struct element *e)
{
	struct tape *unused;

	sync_lock(&e->lock);
	e->ended = true;
	e->start = ELEMENT_NONE;
	unused = e->next;
	e->next = NULL;
	sync_unlock(&e->lock);
	if (unused != NULL && e->events.tape_done != NULL)
		e->events.tape_done(e->events.arg, unused, TAPE_CLOSE_REFUSED);
}

static const struct tape_library_ops ops = {
	.load = load,
	.load_named = NULL,
	.unload = unload,
};

void element_init(struct element *e, const struct element_events *events)
{
	memset(e, 0, sizeof *e);
	e->library.ops = &ops;
	e->events = *events;
	e->start = ELEMENT_FIRST;
	sync_lock_init(&e->lock);
	sync_cond_init(&e->told);
}

void element_destroy(struct element *e)
{
	sync_cond_destroy(&e->told);
	sync_lock_destroy(&e->lock);
}

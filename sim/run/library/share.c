/* share.c: a library that several dumps use at once; see share.h. */
#include "sim/run/library/share.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "splitter/base/clock.h"
#include "splitter/base/grow.h"
#include "splitter/base/later.h"
#include "vtl/library/pace.h"

/* How long a load waits at most before it looks for a drive again. */
enum { LOOK_AGAIN_NS = 20 * 1000 * 1000 };

struct view {
	struct tape_library base; /* must be first: it is cast to this */
	struct share *share;
	size_t volumes; /* how many are loaded */
	bool cancelled;

	/* Virtual time: a load that waits, since then. */
	bool waits;
	int64_t since_ns;
	/* Virtual time: a load that was made and not yet returned. */
	bool is_made;
	struct tape *tape;
	struct tape_result result;
};

/* A volume with data, which expires. */
struct expiry {
	char barcode[VOLUME_BARCODE_BYTES];
	size_t dump, run;
	int64_t at_ns;
	bool expired;
};

struct share {
	struct tape_library *tapes;
	struct library *library;
	struct view *views;
	size_t count;
	bool real, paced;
	uint64_t changes;
	struct expiry *expiries;
	size_t expiries_count;
	int64_t origin_ns; /* real time: when the scenario began */
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

/* Returns whether a dump other than `view` has a volume to give back. */
static bool others_have_volumes(const struct share *s, const struct view *view)
{
	for (size_t i = 0; i < s->count; i++)
		if (&s->views[i] != view && s->views[i].volumes > 0)
			return true;
	return false;
}

/* Releases the volumes that have expired, the earliest first. */
static void release_expired(struct share *s, int64_t now_ns)
{
	struct expiry *next;

	do {
		next = NULL;
		for (size_t i = 0; i < s->expiries_count; i++) {
			struct expiry *e = &s->expiries[i];

			if (!e->expired && e->at_ns <= now_ns &&
			    (next == NULL || e->at_ns < next->at_ns))
				next = e;
		}
		if (next != NULL &&
		    library_release(s->library, next->barcode) == 0)
			next->expired = true;
		else
			next = NULL;
	} while (next != NULL);
}

/*
 * Tries a load.  Returns false if it has to wait for a drive; then nothing has
 * changed.
 */
static bool try_load(struct view *v, int64_t now_ns, struct tape **tape,
    struct tape_result *result)
{
	struct share *s = v->share;
	struct library_load_failure failure;
	/*
	 * Read before the load: a drive that the load finds unloading, and that
	 * has unloaded a moment later, is worth another try.
	 */
	int64_t model_ns = library_model_ns(s->library, now_ns);

	release_expired(s, s->real ? clock_now_ns() - s->origin_ns : now_ns);
	*tape = s->tapes->ops->load(s->tapes, now_ns, result);
	if (*tape == NULL) {
		library_get_load_failure(s->library, &failure);
		if (failure.in_use &&
		    (others_have_volumes(s, v) ||
			library_drive_free_ns(s->library, model_ns) !=
			    INT64_MAX))
			return false;
	}
	v->volumes += *tape != NULL;
	s->changes++;
	return true;
}

/* Waits, with the lock, for a change or for a short time. */
static void wait_for_change(struct share *s)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_nsec += LOOK_AGAIN_NS;
	if (at.tv_nsec >= 1000000000) {
		at.tv_nsec -= 1000000000;
		at.tv_sec++;
	}
	pthread_cond_timedwait(&s->changed, &s->lock, &at);
}

/*
 * Sleeps until an operation of a paced library is complete, without the lock:
 * others load meanwhile.  The operation was called at the time now_ns of the
 * dump, and at begun_ns of the clock.
 */
static void sleep_until_done(const struct share *s, int64_t now_ns,
    int64_t begun_ns, const struct tape_result *result)
{
	if (s->paced && s->count > 1)
		pace_real_clock.sleep_until(pace_real_clock.arg,
		    later_add(begun_ns, result->done_ns - now_ns));
}

static struct tape *load_in_real_time(struct view *v, int64_t now_ns,
    struct tape_result *result)
{
	struct share *s = v->share;
	struct tape *tape = NULL;
	int64_t free_ns, begun_ns = clock_now_ns(), called_ns = now_ns;

	pthread_mutex_lock(&s->lock);
	while (!try_load(v, now_ns, &tape, result) && !v->cancelled) {
		free_ns = s->paced ? INT64_MAX
				   : library_drive_free_ns(s->library, now_ns);
		if (free_ns == INT64_MAX)
			wait_for_change(s);
		else /* the time has passed, or passes in the load */
			now_ns = free_ns;
		if (s->paced)
			now_ns = called_ns + (clock_now_ns() - begun_ns);
	}
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	sleep_until_done(s, called_ns, begun_ns, result);
	return tape;
}

static struct tape *load(struct tape_library *base, int64_t now_ns,
    struct tape_result *result)
{
	struct view *v = (struct view *)base;

	if (v->share->real)
		return load_in_real_time(v, now_ns, result);
	assert(v->is_made);
	v->is_made = false;
	*result = v->result;
	if (result->done_ns < now_ns)
		result->done_ns = now_ns;
	return v->tape;
}

/* A run loads no volume by its barcode. */
static struct tape *load_named(struct tape_library *base, const char *barcode,
    int64_t now_ns, struct tape_result *result)
{
	struct view *v = (struct view *)base;
	struct share *s = v->share;
	struct tape *tape;

	pthread_mutex_lock(&s->lock);
	tape = s->tapes->ops->load_named(s->tapes, barcode, now_ns, result);
	v->volumes += tape != NULL;
	s->changes++;
	pthread_mutex_unlock(&s->lock);
	return tape;
}

static void unload(struct tape_library *base, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct view *v = (struct view *)base;
	struct share *s = v->share;
	int64_t begun_ns = clock_now_ns();

	pthread_mutex_lock(&s->lock);
	s->tapes->ops->unload(s->tapes, tape, why, now_ns, result);
	assert(v->volumes > 0);
	v->volumes--;
	s->changes++;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	sleep_until_done(s, now_ns, begun_ns, result);
}

static const struct tape_library_ops ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};

struct share *share_new(struct library *library, size_t count, bool real,
    bool paced)
{
	struct share *s = calloc(1, sizeof *s);
	pthread_condattr_t monotonic;

	if (s == NULL)
		return NULL;
	s->views = calloc(count, sizeof *s->views);
	if (s->views == NULL) {
		free(s);
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		s->views[i].base.ops = &ops;
		s->views[i].share = s;
	}
	s->library = library;
	s->tapes = library_tapes(library);
	s->count = count;
	s->real = real;
	s->paced = paced;
	s->origin_ns = real ? clock_now_ns() : 0;
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&s->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (count > 1)
		library_set_shared(library);
	return s;
}

void share_free(struct share *s)
{
	if (s == NULL)
		return;
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	free(s->expiries);
	free(s->views);
	free(s);
}

struct tape_library *share_view(struct share *s, size_t i)
{
	return &s->views[i].base;
}

/* Returns the view that has waited longest, of those that were not tried. */
static struct view *next_waiting(struct share *s, const struct view *after)
{
	struct view *next = NULL;

	for (size_t i = 0; i < s->count; i++) {
		struct view *v = &s->views[i];
		bool later = after == NULL || v->since_ns > after->since_ns ||
		    (v->since_ns == after->since_ns && v > after);

		if (v->waits && later &&
		    (next == NULL || v->since_ns < next->since_ns))
			next = v;
	}
	return next;
}

int64_t share_load_ns(struct share *s, size_t i, int64_t now_ns)
{
	struct view *asks = &s->views[i], *v = NULL;

	if (!asks->waits && !asks->is_made) {
		asks->waits = true;
		asks->since_ns = now_ns;
	}
	while (!asks->is_made && (v = next_waiting(s, v)) != NULL) {
		if (!try_load(v, now_ns, &v->tape, &v->result))
			continue;
		v->waits = false;
		v->is_made = true;
	}
	return asks->is_made ? now_ns
			     : library_drive_free_ns(s->library, now_ns);
}

/* Puts a volume back that was loaded and not taken; others may load it. */
static void put_back(struct view *v, int64_t now_ns)
{
	struct share *s = v->share;
	char barcode[TAPE_BARCODE_BYTES];
	struct tape_result result;

	snprintf(barcode, sizeof barcode, "%s", v->tape->barcode);
	if (now_ns < v->result.done_ns)
		now_ns = v->result.done_ns;
	unload(&v->base, v->tape, TAPE_CLOSE_REFUSED, now_ns, &result);
	library_release(s->library, barcode); /* else it is not used again */
}

void share_withdraw(struct share *s, size_t i, int64_t now_ns)
{
	struct view *v = &s->views[i];

	v->waits = false;
	if (v->is_made && v->tape != NULL)
		put_back(v, now_ns);
	v->is_made = false;
}

uint64_t share_changes(const struct share *s)
{
	return s->changes;
}

bool share_get_volume(struct share *s, const char *barcode, size_t *place,
    uint64_t *written_bytes)
{
	struct library_volume v;
	bool found;

	pthread_mutex_lock(&s->lock);
	found = library_volume_find(s->library, barcode, place);
	if (found) {
		library_volume_get(s->library, *place, &v);
		*written_bytes = v.end.byte;
	}
	pthread_mutex_unlock(&s->lock);
	return found;
}

int share_expire(struct share *s, const char *barcode, size_t dump, size_t run,
    int64_t at_ns)
{
	struct expiry *e;

	pthread_mutex_lock(&s->lock);
	e = grow_by_one(s->expiries, s->expiries_count, sizeof *e);
	if (e != NULL) {
		s->expiries = e;
		e += s->expiries_count++;
		*e =
		    (struct expiry){ .dump = dump, .run = run, .at_ns = at_ns };
		snprintf(e->barcode, sizeof e->barcode, "%s", barcode);
	}
	pthread_mutex_unlock(&s->lock);
	return e != NULL ? 0 : -1;
}

bool share_has_expired(const struct share *s, size_t dump, size_t run)
{
	for (size_t i = 0; i < s->expiries_count; i++)
		if (s->expiries[i].dump == dump && s->expiries[i].run == run &&
		    s->expiries[i].expired)
			return true;
	return false;
}

static void set_cancelled(struct share *s, size_t i, bool cancelled)
{
	pthread_mutex_lock(&s->lock);
	s->views[i].cancelled = cancelled;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

void share_cancel(struct share *s, size_t i)
{
	set_cancelled(s, i, true);
}

void share_begin_run(struct share *s, size_t i)
{
	set_cancelled(s, i, false);
}

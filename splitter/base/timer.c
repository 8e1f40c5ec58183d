/* timer.c: see timer.h. */
#include "splitter/base/timer.h"
#include "splitter/base/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct timer {
	pthread_mutex_t lock;
	pthread_cond_t woken;
	bool awake; /* timer_wake() was called: every sleep ends at once */
	bool over;  /* timer_free() was called: `cancel` is not called */
	bool has_thread;
	pthread_t thread;
	int64_t cancel_at_ns;
	void (*cancel)(void *arg);
	void *arg;
};

/* Waits until `at_ns`, or until the flag is set.  The caller holds the lock. */
static void wait_until(struct timer *t, int64_t at_ns, const bool *flag)
{
	const struct timespec until = clock_timespec(at_ns);

	while (!*flag && clock_now_ns() < at_ns)
		pthread_cond_timedwait(&t->woken, &t->lock, &until);
}

bool timer_until(struct timer *t, int64_t at_ns)
{
	bool awake;

	pthread_mutex_lock(&t->lock);
	wait_until(t, at_ns, &t->awake);
	awake = t->awake;
	pthread_mutex_unlock(&t->lock);
	return !awake;
}

void timer_wake(struct timer *t)
{
	pthread_mutex_lock(&t->lock);
	t->awake = true;
	pthread_cond_broadcast(&t->woken);
	pthread_mutex_unlock(&t->lock);
}

static void *cancel_thread(void *arg)
{
	struct timer *t = arg;
	bool over;

	pthread_mutex_lock(&t->lock);
	wait_until(t, t->cancel_at_ns, &t->over);
	over = t->over;
	pthread_mutex_unlock(&t->lock);
	if (over)
		return NULL;
	/*
	 * `cancel` is called first, so that a thread that is woken sees its
	 * effect.
	 */
	t->cancel(t->arg);
	timer_wake(t);
	return NULL;
}

struct timer *timer_new(int64_t cancel_after_ns, void (*cancel)(void *arg),
    void *arg, char *err, size_t err_bytes)
{
	struct timer *t = calloc(1, sizeof *t);
	pthread_condattr_t attr;
	int failed = 0;

	if (t == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->woken, &attr);
	pthread_condattr_destroy(&attr);
	t->cancel = cancel;
	t->arg = arg;
	if (cancel_after_ns >= 0) {
		t->cancel_at_ns = clock_now_ns() + cancel_after_ns;
		failed = pthread_create(&t->thread, NULL, cancel_thread, t);
		t->has_thread = failed == 0;
	}
	if (failed == 0)
		return t;
	snprintf(err, err_bytes, "cannot start a thread: %s", strerror(failed));
	timer_free(t);
	return NULL;
}

void timer_free(struct timer *t)
{
	if (t == NULL)
		return;
	pthread_mutex_lock(&t->lock);
	t->over = true;
	pthread_cond_broadcast(&t->woken);
	pthread_mutex_unlock(&t->lock);
	if (t->has_thread)
		pthread_join(t->thread, NULL);
	pthread_cond_destroy(&t->woken);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

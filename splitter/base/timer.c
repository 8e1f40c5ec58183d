/* timer.c: sleeps that can be ended. */
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
	bool awake; /* nobody sleeps any more */
	bool over;  /* nor is anything to be cancelled */
	bool has_thread;
	pthread_t thread;
	int64_t cancel_at_ns;
	void (*cancel)(void *arg);
	void *arg;
};

/* Waits until then, or until the flag is set.  Locked. */
static void wait_until(struct timer *n, int64_t at_ns, const bool *flag)
{
	const struct timespec t = clock_timespec(at_ns);

	while (!*flag && clock_now_ns() < at_ns)
		pthread_cond_timedwait(&n->woken, &n->lock, &t);
}

bool timer_until(struct timer *n, int64_t at_ns)
{
	bool awake;

	pthread_mutex_lock(&n->lock);
	wait_until(n, at_ns, &n->awake);
	awake = n->awake;
	pthread_mutex_unlock(&n->lock);
	return !awake;
}

void timer_wake(struct timer *n)
{
	pthread_mutex_lock(&n->lock);
	n->awake = true;
	pthread_cond_broadcast(&n->woken);
	pthread_mutex_unlock(&n->lock);
}

static void *cancel_thread(void *arg)
{
	struct timer *n = arg;
	bool over;

	pthread_mutex_lock(&n->lock);
	wait_until(n, n->cancel_at_ns, &n->over);
	over = n->over;
	pthread_mutex_unlock(&n->lock);
	if (over)
		return NULL;
	/* Who is woken first would go on. */
	n->cancel(n->arg);
	timer_wake(n);
	return NULL;
}

struct timer *timer_new(int64_t cancel_after_ns, void (*cancel)(void *arg),
    void *arg, char *err, size_t err_bytes)
{
	struct timer *n = calloc(1, sizeof *n);
	pthread_condattr_t attr;
	int failed = 0;

	if (n == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&n->lock, NULL);
	pthread_cond_init(&n->woken, &attr);
	pthread_condattr_destroy(&attr);
	n->cancel = cancel;
	n->arg = arg;
	if (cancel_after_ns >= 0) {
		n->cancel_at_ns = clock_now_ns() + cancel_after_ns;
		failed = pthread_create(&n->thread, NULL, cancel_thread, n);
		n->has_thread = failed == 0;
	}
	if (failed == 0)
		return n;
	snprintf(err, err_bytes, "cannot start a thread: %s", strerror(failed));
	timer_free(n);
	return NULL;
}

void timer_free(struct timer *n)
{
	if (n == NULL)
		return;
	pthread_mutex_lock(&n->lock);
	n->over = true;
	pthread_cond_broadcast(&n->woken);
	pthread_mutex_unlock(&n->lock);
	if (n->has_thread)
		pthread_join(n->thread, NULL);
	pthread_cond_destroy(&n->woken);
	pthread_mutex_destroy(&n->lock);
	free(n);
}

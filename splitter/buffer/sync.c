/* sync.c: see sync.h. */
#include "splitter/buffer/sync.h"
#include "splitter/base/clock.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

static void must(int error)
{
	assert(error == 0);
}

void sync_lock_init(struct sync_lock *lock)
{
	must(pthread_mutex_init(&lock->mutex, NULL));
}

void sync_lock_destroy(struct sync_lock *lock)
{
	must(pthread_mutex_destroy(&lock->mutex));
}

void sync_lock(struct sync_lock *lock)
{
	must(pthread_mutex_lock(&lock->mutex));
}

void sync_unlock(struct sync_lock *lock)
{
	must(pthread_mutex_unlock(&lock->mutex));
}

void sync_cond_init(struct sync_cond *cond)
{
	pthread_condattr_t monotonic;

	must(pthread_condattr_init(&monotonic));
	must(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC));
	must(pthread_cond_init(&cond->cond, &monotonic));
	must(pthread_condattr_destroy(&monotonic));
}

void sync_cond_destroy(struct sync_cond *cond)
{
	must(pthread_cond_destroy(&cond->cond));
}

void sync_wait(struct sync_cond *cond, struct sync_lock *lock,
    const char *place)
{
	(void)place;
	must(pthread_cond_wait(&cond->cond, &lock->mutex));
}

void sync_wait_at_most(struct sync_cond *cond, struct sync_lock *lock,
    uint32_t ns, const char *place)
{
	const struct timespec until = clock_timespec(clock_now_ns() + ns);
	int error;

	(void)place;
	error = pthread_cond_timedwait(&cond->cond, &lock->mutex, &until);
	must(error == ETIMEDOUT ? 0 : error);
}

void sync_signal(struct sync_cond *cond)
{
	must(pthread_cond_signal(&cond->cond));
}

int sync_start(struct sync_thread *thread, void *(*body)(void *), void *arg,
    const char *name)
{
	(void)name;
	return pthread_create(&thread->thread, NULL, body, arg);
}

void sync_join(struct sync_thread *thread)
{
	must(pthread_join(thread->thread, NULL));
}

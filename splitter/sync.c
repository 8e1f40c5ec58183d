/* sync.c: locks, conditions and threads of POSIX. */
#include "splitter/sync.h"

#include <assert.h>

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
	must(pthread_cond_init(&cond->cond, NULL));
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

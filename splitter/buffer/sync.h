/*
 * sync.h: locks, conditions and threads for the engine.
 *
 * A thin layer over POSIX threads, and the only place where the engine's
 * threads can wait for each other.  A program that defines all of these
 * functions itself decides which thread runs when: they are linked instead of
 * sync.c, so the program may put every wait, wake and start in any order that
 * POSIX allows.
 *
 * Only sync_start can fail: any other error is a misuse and ends in an
 * assertion.
 */
#ifndef SPLITTER_SYNC_H
#define SPLITTER_SYNC_H

#include <pthread.h>
#include <stdint.h>

struct sync_lock {
	pthread_mutex_t mutex;
};

struct sync_cond {
	pthread_cond_t cond;
};

struct sync_thread {
	pthread_t thread;
};

void sync_lock_init(struct sync_lock *lock);

/* Destroys a lock.  No thread may hold the lock or wait for it. */
void sync_lock_destroy(struct sync_lock *lock);

/* Takes the lock.  The calling thread must not hold the lock already. */
void sync_lock(struct sync_lock *lock);

/* Releases the lock.  The calling thread must hold the lock. */
void sync_unlock(struct sync_lock *lock);

void sync_cond_init(struct sync_cond *cond);

/* Destroys a condition.  No thread may wait on the condition. */
void sync_cond_destroy(struct sync_cond *cond);

/*
 * Releases the lock, sleeps until the condition is signalled, and takes the
 * lock again.  The thread may also wake without a signal, so the caller checks
 * what it waits for again.  `place` says which thread waits for what, for
 * example "producer: room"; it helps to find the cause of a hang.  `place` must
 * stay valid after the call.
 */
void sync_wait(struct sync_cond *cond, struct sync_lock *lock,
    const char *place);

/*
 * Like sync_wait(), but the thread wakes after `ns` nanoseconds at the latest.
 */
void sync_wait_at_most(struct sync_cond *cond, struct sync_lock *lock,
    uint32_t ns, const char *place);

/* Wakes one of the waiting threads, if any.  The caller holds the lock. */
void sync_signal(struct sync_cond *cond);

/*
 * Starts a thread that runs body(arg).  Returns 0; or an error number of
 * pthread_create, and then there is no thread.  `name` must stay valid after
 * the call.
 */
int sync_start(struct sync_thread *thread, void *(*body)(void *), void *arg,
    const char *name);

/*
 * Waits until the thread has ended.  Call this function once for each started
 * thread.
 */
void sync_join(struct sync_thread *thread);

#endif

/*
 * sync.h: locks, conditions and threads, as the engine needs them.
 *
 * Thin over POSIX threads, and the only place where the engine's threads can
 * wait for each other.  A program that defines all of these functions itself
 * decides which thread runs when: its own are linked instead of sync.c, so it
 * may put every wait, wake and start in any order that POSIX allows.
 *
 * None of these fails but sync_start: what else could go wrong is a misuse,
 * and ends in an assertion.
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

/* Nobody holds it, nobody wants it. */
void sync_lock_destroy(struct sync_lock *lock);

/* Not for the thread that holds it already. */
void sync_lock(struct sync_lock *lock);

/* By the thread that holds it. */
void sync_unlock(struct sync_lock *lock);

void sync_cond_init(struct sync_cond *cond);

/* Nobody waits on it. */
void sync_cond_destroy(struct sync_cond *cond);

/*
 * Gives the lock back, sleeps until it is woken, and takes the lock again.
 * It may wake without a reason, so the caller looks whether what it waits for
 * is true.  `place` says who waits for what, "producer: room": it is for
 * whoever looks for the cause of a hang, and outlives the call.
 */
void sync_wait(struct sync_cond *cond, struct sync_lock *lock,
    const char *place);

/* The same, but after `ns` nanoseconds it wakes in any case. */
void sync_wait_at_most(struct sync_cond *cond, struct sync_lock *lock,
    uint32_t ns, const char *place);

/* Wakes one of those who wait, if there is one; with the lock held. */
void sync_signal(struct sync_cond *cond);

/*
 * Starts a thread that runs body(arg).  Returns 0, or an error number as
 * pthread_create does, and then there is no thread.  `name` as a place is.
 */
int sync_start(struct sync_thread *thread, void *(*body)(void *), void *arg,
    const char *name);

/* Waits until the thread has ended; once for each that was started. */
void sync_join(struct sync_thread *thread);

#endif

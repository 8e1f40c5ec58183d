/*
 * timer.h: sleeps in real time that can be ended, and a call at a set time.
 *
 * Threads: one thread sleeps; any thread may wake it; `cancel` is called by a
 * thread of the timer.
 */
#ifndef SPLITTER_TIMER_H
#define SPLITTER_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer;

/*
 * Creates a timer.  After `cancel_after_ns` the timer calls `cancel(arg)` and
 * wakes the sleeping thread, unless timer_free() was called before.  If
 * `cancel_after_ns` is negative, it never calls `cancel`.  Returns NULL with a
 * message if no thread can be started.
 */
struct timer *timer_new(int64_t cancel_after_ns, void (*cancel)(void *arg),
    void *arg, char *err, size_t err_bytes);

/*
 * Sleeps until a time of clock_now_ns().  Returns false if timer_wake() or a
 * cancel ended the sleep, or came before it.
 */
bool timer_until(struct timer *timer, int64_t at_ns);

/* Ends the current sleep; every later sleep ends at once. */
void timer_wake(struct timer *timer);

/* Frees the timer after a running `cancel` has returned.  NULL is allowed. */
void timer_free(struct timer *timer);

#endif

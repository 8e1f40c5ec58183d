/*
 * nap.h: sleeps in real time that a cancel ends, and a cancel at a time.
 *
 * Threads: one thread sleeps; any may wake it for good; the cancel is called
 * by a thread of its own.
 */
#ifndef SIM_TIMER_H
#define SIM_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer;

/*
 * `cancel_after_ns` from now `cancel(arg)` is called and the sleep ended,
 * unless that is negative or timer_free comes first.  NULL with a message if a
 * thread cannot be had.
 */
struct timer *timer_new(int64_t cancel_after_ns, void (*cancel)(void *arg),
    void *arg, char *err, size_t err_bytes);

/* Sleeps until a time of clock_now_ns(), or until it is woken: false. */
bool timer_until(struct timer *nap, int64_t at_ns);

/* From now on nobody sleeps. */
void timer_wake(struct timer *nap);

/* Returns when a cancel that is under way has ended.  NULL is allowed. */
void timer_free(struct timer *nap);

#endif

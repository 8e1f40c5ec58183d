/*
 * interrupt.h: SIGINT, SIGTERM and SIGHUP (unless it was ignored from the
 * beginning), as something a program can wait for.
 *
 * The signals are blocked in every thread and taken by one of their own, so
 * that nothing is done in a signal handler.  The first one interrupts: what is
 * under way is cancelled, and ends properly.  One that comes some two
 * seconds later ends the process at once.
 *
 * Threads: interrupt_begin before any other thread is started; the rest from
 * any thread.
 */
#ifndef SIM_INTERRUPT_H
#define SIM_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>

/* Takes over the signals.  0, or -1 if the thread cannot be had. */
int interrupt_begin(void);

/* The signal that came, or 0. */
int interrupt_signal(void);

/*
 * Waits until `fd` can be read, or an interrupt.  False: it was the interrupt.
 * What cannot be polled (a regular file) is always ready.
 */
bool interrupt_wait_readable(int fd);

/* Sleeps so long, or until an interrupt.  False: it was the interrupt. */
bool interrupt_sleep(int64_t ns);

/*
 * Has `cancel(arg)` called, by the thread of the signals, when one comes; at
 * once where it has come already.  NULL: nobody any more; returns when a call
 * that is under way has ended.
 */
void interrupt_on(void (*cancel)(void *arg), void *arg);

/* Ends the process by the signal that came. */
void interrupt_die(void);

#endif

/*
 * interrupt.h: SIGINT, SIGTERM and SIGHUP (unless it was ignored from the
 * beginning), as something a program can wait for.
 *
 * The signals are blocked in every thread and taken by one of their own, so
 * that nothing is done in a signal handler.  The first one interrupts: what is
 * under way is cancelled, and ends properly.  A call that waits for somebody
 * else fails with EINTR from then on.  A signal that comes some two seconds
 * later ends the process at once.
 *
 * Threads: signals_begin before any other thread is started; the rest from
 * any thread.
 */
#ifndef SIM_SIGNALS_H
#define SIM_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Takes over the signals.  0, or -1 if their thread cannot be started. */
int signals_begin(void);

/*
 * The same for a process that has no other thread, and starts processes:
 * whatever comes is passed on to the one that it has just started.  0 or -1.
 */
int signals_begin_parent(void);

/*
 * As fork(); also -1 where a signal has come already.  The child is in nobody's
 * hands: it calls signals_begin(), and it is sent SIGTERM where its parent
 * dies.  The parent calls signals_forget_child() once that has ended, and
 * before it starts another.
 */
pid_t signals_fork(void);
void signals_forget_child(void);

/* The signal that came, or 0. */
int signals_signal(void);

/*
 * Whether one came before this call, also where nobody has taken it yet.  What
 * has ended may have been ended by the same signal: then it is no good end.
 */
bool signals_came(void);

/*
 * Waits until `fd` can be read, or an interrupt.  False: it was the interrupt.
 * What cannot be polled (a regular file) is always ready.
 */
bool signals_wait_readable(int fd);

/*
 * Sleeps so long, or until an interrupt.  False: it was the interrupt, and what
 * signals_on() says has been called.
 */
bool signals_sleep(int64_t ns);

/*
 * Whether a call that failed with this errno is to be made again: a signal has
 * ended it, and not because of an interrupt.
 */
bool signals_again(int error);

/*
 * As open(), for a file that a person names: it may be a FIFO, and then an
 * interrupt ends the waiting (EINTR).  Not inherited; with O_CREAT, mode 0666.
 */
int signals_open(const char *path, int flags);

enum signals_ready { SIGNALS_CAME, SIGNALS_FIRST, SIGNALS_SECOND };

/*
 * Waits until one of two can be read, the first if both can, or an interrupt.
 * One that is -1 never can.
 */
enum signals_ready signals_wait_either(int first, int second);

/*
 * Has `cancel(arg)` called, by the thread of the signals, when one comes; at
 * once where it has come already.  NULL: nobody any more; returns when a call
 * that is under way has ended.
 */
void signals_on(void (*cancel)(void *arg), void *arg);

/* Ends the process by the signal that came. */
void signals_die(void);

#endif

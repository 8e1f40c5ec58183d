/*
 * signals.h: SIGINT, SIGTERM and SIGHUP as events that a program can wait for.
 * SIGHUP stays ignored if it was ignored when the program started.
 *
 * The signals are blocked in all threads, and a thread of this file takes them,
 * so no work is done in a signal handler.  The first signal interrupts: the
 * work in progress is cancelled and ends properly, and calls that wait for
 * another process fail with EINTR from then on.  A signal that comes more than
 * 1.5 s after the first one ends the process at once.
 *
 * Threads: call signals_begin() before any other thread is started.  Any thread
 * may call the other functions.
 */
#ifndef SPLITTER_SIGNALS_H
#define SPLITTER_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Blocks the signals and starts their thread.  Returns 0; -1 if the thread
 * cannot be started.
 */
int signals_begin(void);

/* The most children that get forwarded signals at the same time. */
enum { SIGNALS_CHILDREN_MAX = 256 };

/*
 * Takes over the signals in a process that has no other thread and starts child
 * processes.  A signal is forwarded to all children.  Returns 0 or -1.
 */
int signals_begin_parent(void);

/*
 * Like fork(), but also returns -1 with EINTR if a signal has arrived, and with
 * EAGAIN if there are SIGNALS_CHILDREN_MAX children.  The child must call
 * signals_begin(); the child gets SIGTERM if its parent dies.  The parent must
 * call signals_forget_child() when the child has ended, before the child is
 * reaped: its number may be used again.  A child that is forgotten earlier gets
 * no signals.
 */
pid_t signals_fork(void);
void signals_forget_child(pid_t child);

/* Returns the number of the last signal that arrived, or 0. */
int signals_signal(void);

/*
 * Returns whether a signal arrived before this call, even if the signal thread
 * has not taken it yet.  Call this function after a child process or an input
 * has ended: the same signal may have ended the child or the input.
 */
bool signals_came(void);

/*
 * Waits until `fd` can be read or a signal arrives.  Returns false after a
 * signal.  A file that cannot be polled (a regular file) is always readable.
 */
bool signals_wait_readable(int fd);

/*
 * Sleeps for `ns` nanoseconds or until a signal arrives.  Returns false after a
 * signal; the function of signals_on() has then been called.
 */
bool signals_sleep(int64_t ns);

/*
 * Returns whether to repeat a call that failed with this errno: true for EINTR
 * if none of the handled signals has arrived.
 */
bool signals_again(int error);

/*
 * Like open(), for a file that a person names.  The file may be a FIFO; a
 * signal ends the wait for it with EINTR.  The descriptor is closed on exec;
 * with O_CREAT the mode is 0666.
 */
int signals_open(const char *path, int flags);

enum signals_ready { SIGNALS_CAME, SIGNALS_FIRST, SIGNALS_SECOND };

/*
 * Waits until one of two descriptors can be read or a signal arrives.  If both
 * can be read, reports the first one.  A descriptor -1 is never readable.
 */
enum signals_ready signals_wait_either(int first, int second);

/*
 * Sets the function that the signal thread calls when a signal arrives.  If a
 * signal has arrived already, calls the function at once.  With NULL, removes
 * the function and returns when no call of it is running any more.
 */
void signals_on(void (*cancel)(void *arg), void *arg);

/* Ends the process by the last signal that arrived. */
void signals_die(void);

#endif

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

/* Takes over the signals.  0, or -1 if their thread cannot be started. */
int signals_begin(void);

/*
 * The same for a process that has no other thread and starts child processes:
 * a signal is forwarded to the child that it started last.  0 or -1.
 */
int signals_begin_parent(void);

/*
 * Like fork(); returns -1 with EINTR also if a signal has come.  The child
 * calls signals_begin(); it gets SIGTERM if its parent dies.  The parent calls
 * signals_forget_child() when the child has ended, before it starts another.
 */
pid_t signals_fork(void);
void signals_forget_child(void);

/* The signal that came, or 0. */
int signals_signal(void);

/*
 * Whether a signal came before this call, even if the thread has not taken it
 * yet.  Use it after a child process or an input has ended: the same signal may
 * have ended it.
 */
bool signals_came(void);

/*
 * Waits until `fd` can be read, or for a signal.  False: a signal came.  A file
 * that cannot be polled (a regular file) is always readable.
 */
bool signals_wait_readable(int fd);

/*
 * Sleeps for `ns`, or until a signal comes.  False: a signal came, and the
 * function of signals_on() was called.
 */
bool signals_sleep(int64_t ns);

/*
 * Whether to repeat a call that failed with this errno: EINTR, and no signal of
 * this file has come.
 */
bool signals_again(int error);

/*
 * Like open(), for a file that a person names.  It may be a FIFO; a signal ends
 * the wait with EINTR.  The descriptor is closed on exec; with O_CREAT the mode
 * is 0666.
 */
int signals_open(const char *path, int flags);

enum signals_ready { SIGNALS_CAME, SIGNALS_FIRST, SIGNALS_SECOND };

/*
 * Waits until one of two descriptors can be read, or for a signal.  If both can
 * be read, the first one is reported.  A descriptor -1 never can.
 */
enum signals_ready signals_wait_either(int first, int second);

/*
 * Sets the function that the thread of the signals calls when a signal comes;
 * it is called at once if one has come.  NULL: none; then it returns when no
 * call is running any more.
 */
void signals_on(void (*cancel)(void *arg), void *arg);

/* Ends the process by the signal that came. */
void signals_die(void);

#endif

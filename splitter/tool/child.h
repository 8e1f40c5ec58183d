/*
 * child.h: a command that was started, and whose output is read.
 *
 * A pipe from another process ends when that process ends, whether it has
 * failed or not.  A command that is started here is asked: its output has
 * ended only once it has exited with 0.
 *
 * The command has the standard input and standard error of this process.  In
 * the foreground of a terminal it stays in this process group, so that it may
 * ask a person something there; else it has one of its own, so that a signal
 * reaches all that it has started.
 *
 * Invariants:
 *  1. A child that was started is waited for, by child_free().
 *  2. A signal that this process takes as an interrupt is passed on to it.
 *  3. While the child lives, or another process has its end of the pipe open,
 *     its output has not ended; but once it has failed that is not waited for.
 *
 * One thread at a time.
 */
#ifndef SIM_CHILD_H
#define SIM_CHILD_H

#include <stddef.h>
#include <stdint.h>

struct child;

/*
 * Starts the command argv[0], which is looked for in PATH.  NULL with a message
 * if it cannot be started.  `argv` ends with NULL, and is the caller's.
 */
struct child *child_start(char *const *argv, char *err, size_t err_bytes);

/*
 * The next bytes of its output, up to `bytes`.  Returns how many; 0 if all of
 * it was read, and the command has exited with 0; -1 with a message if the
 * command failed, or at an interrupt.
 */
int64_t child_read(struct child *child, void *buf, uint64_t bytes, char *err,
    size_t err_bytes);

/*
 * No more of its output is wanted: the pipe is closed, so that a command that
 * goes on writing ends by SIGPIPE, and the signal of an interrupt is passed on.
 */
void child_stop(struct child *child);

/*
 * Stops it and waits until it has ended.  One that does not end by itself within
 * some seconds is ended by SIGTERM, and then by SIGKILL.  NULL is allowed.
 */
void child_free(struct child *child);

#endif

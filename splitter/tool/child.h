/*
 * child.h: a child process whose output is read.
 *
 * A pipe from another process ends when that process ends, whether it has
 * failed or not.  For a command that is started here, the output ends only when
 * the command has exited with 0.
 *
 * The command inherits the standard input and standard error of this process.
 * In the foreground of a terminal it stays in this process group, so that it
 * may ask a person.  Otherwise it gets a group of its own, so that a signal
 * reaches all its children.
 *
 * Invariants:
 *  1. A child that was started is reaped by child_free().
 *  2. A signal that this process takes as an interrupt is passed on to it.
 *  3. The output has not ended while the child is running, or while another
 *     process has the writing end of the pipe open.  If the child has failed,
 *     its output ends without waiting for other processes.
 *
 * One thread at a time.
 */
#ifndef SPLITTER_TOOL_CHILD_H
#define SPLITTER_TOOL_CHILD_H

#include <stddef.h>
#include <stdint.h>

struct child;

/*
 * Starts the command argv[0], which is searched for in PATH.  Returns NULL with
 * a message if it cannot be started.  `argv` ends with NULL, and belongs to the
 * caller.
 */
struct child *child_start(char *const *argv, char *err, size_t err_bytes);

/*
 * Reads up to `bytes` of the command's output.  Returns the number of bytes; 0
 * if everything was read and the command has exited with 0; -1 with a message
 * if the command failed, or at an interrupt.
 */
int64_t child_read(struct child *child, void *buf, uint64_t bytes, char *err,
    size_t err_bytes);

/*
 * Ends the reading.  Closes the pipe, so that a command that still writes ends
 * by SIGPIPE, and passes on the signal of an interrupt.
 */
void child_stop(struct child *child);

/*
 * Stops the child and waits until it has ended.  If the child does not end by
 * itself within some seconds, it gets SIGTERM, and then SIGKILL.  NULL is
 * allowed.
 */
void child_free(struct child *child);

#endif

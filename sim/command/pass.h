/*
 * pass.h: passes standard input through to standard output.
 *
 * Without a copy where the kernel can do it: from or to a pipe (splice(2)).
 */
#ifndef SIM_PASS_H
#define SIM_PASS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Passes all bytes through, until the end of the input, an error or a signal.
 * Calls `passed` with each number of bytes that the output has taken, after it
 * has taken them.  Returns 0, or -1 with a message; after a signal the message
 * is empty.
 */
int pass_through(void (*passed)(void *arg, uint64_t bytes), void *arg,
    char *err, size_t err_bytes);

#endif

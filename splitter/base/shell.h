/*
 * shell.h: runs a shell command to its end, and keeps what it prints.
 *
 * The command inherits standard input and standard error.  It can be ended by
 * signals even if they are blocked or ignored in this process.
 */
#ifndef SPLITTER_SHELL_H
#define SPLITTER_SHELL_H

#include <stddef.h>

/*
 * Runs `script` with sh; `arguments`, which end with NULL, are $1, $2 and so
 * on.  Stores the first `room` - 1 bytes of its output, with a zero byte at the
 * end, and their number.  The output is read to its end, so that the command
 * can exit.  Returns 0 if it exited with 0; otherwise -1, and a phrase such as
 * "it ended with status 1" in `err`.
 */
int shell_run(const char *script, const char *const *arguments, char *output,
    size_t room, size_t *bytes, char *err, size_t err_bytes);

#endif

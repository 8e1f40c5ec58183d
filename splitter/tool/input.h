/*
 * source.h: the dump that a command is given: its standard input, files, or
 * what another command writes.
 *
 * Files are read one behind the other, and can be read again by whoever needs
 * them: each is a slice of the dump.  A file that is not as long any more as it
 * was when it was opened is an error: the slice that was announced is not what
 * was read.
 *
 * One thread at a time.  A read that waits ends at an interrupt.
 */
#ifndef SIM_INPUT_H
#define SIM_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input;

/*
 * Opens the source: `count` files, or standard input where that is 0; or the
 * output of a command, whose words are `command`, ended by NULL, where that is
 * not NULL.  All files are looked at before anything is read.  The names are
 * the caller's, and kept by it.  NULL with a message.
 */
struct input *input_open(char *const *files, size_t count, char *const *command,
    char *err, size_t err_bytes);

/*
 * Starts the command, if the source is one; before the first read.  Returns 0,
 * or -1 with a message if it cannot be started.
 */
int input_start(struct input *source, char *err, size_t err_bytes);

/*
 * The next bytes, up to `bytes`.  Returns how many; 0 at the end; -1 with a
 * message where it cannot be read, a command has failed, or at an interrupt.
 */
int64_t input_read(struct input *source, void *buf, uint64_t bytes, char *err,
    size_t err_bytes);

/*
 * The file that the next bytes are in, from where on, and how many of them;
 * once for each file, and so asked before each read.  False: none is new.
 */
bool input_slice(struct input *source, const char **name, uint64_t *file_offset,
    uint64_t *bytes);

/*
 * Whether the source has ended; waits until that is known, and a command has
 * exited.  Returns 1, or 0 if there are more bytes; -1 as input_read().
 */
int input_ended(struct input *source, char *err, size_t err_bytes);

/* Nothing more is read: a command need not go on. */
void input_stop(struct input *source);

/* Waits for the end of a command.  NULL is allowed. */
void input_close(struct input *source);

#endif

/*
 * input.h: the input of a dump: standard input, files, the output of a command,
 * or a function.
 *
 * Files are read one after the other, and can be read again: each is a slice of
 * the dump.  A file that became shorter since it was opened is an error,
 * because the announced slice differs from the bytes that were read.
 *
 * One thread at a time.  A read that waits ends at an interrupt.
 */
#ifndef SPLITTER_TOOL_INPUT_H
#define SPLITTER_TOOL_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input;

/*
 * Opens the input: `count` files, or standard input if `count` is 0.  If
 * `command` is not NULL, the input is the output of that command, whose words
 * end with NULL.  All files are checked before anything is read.  The names
 * belong to the caller and must stay valid.  Returns NULL with a message on an
 * error.
 */
struct input *input_open(char *const *files, size_t count, char *const *command,
    char *err, size_t err_bytes);

/*
 * Reads up to `bytes` of a dump.  Returns what input_read() returns.
 */
typedef int64_t input_reader(void *arg, void *buf, uint64_t bytes, char *err,
    size_t err_bytes);

/*
 * Makes an input whose bytes `read` brings.  Returns NULL with a message if
 * there is no memory.
 */
struct input *input_open_reader(input_reader *read, void *arg, char *err,
    size_t err_bytes);

/*
 * Starts the command, if there is one.  Call it before the first read.  Returns
 * 0, or -1 with a message if the command cannot be started.
 */
int input_start(struct input *source, char *err, size_t err_bytes);

/*
 * Reads up to `bytes` of the input.  Returns the number of bytes; 0 at the end;
 * -1 with a message on a read error, if a command has failed, or at an
 * interrupt.
 */
int64_t input_read(struct input *source, void *buf, uint64_t bytes, char *err,
    size_t err_bytes);

/*
 * Returns true with name, offset and size if the next byte begins a new file.
 * Returns false if it is in the same file as before.  Each file is returned
 * once, so call this function before each read.
 */
bool input_slice(struct input *source, const char **name, uint64_t *file_offset,
    uint64_t *bytes);

/*
 * Returns whether the input has ended: 1 if so, 0 if there are more bytes, -1
 * as input_read().  Waits until this is known, and until a command has exited.
 */
int input_ended(struct input *source, char *err, size_t err_bytes);

/* Ends the reading, so that a command may end. */
void input_stop(struct input *source);

/* Waits for the end of a command, and frees the input.  NULL is allowed. */
void input_close(struct input *source);

#endif

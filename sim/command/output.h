/*
 * output.h: writes a restored dump to standard output.
 *
 * Every byte is written at its offset: a gap becomes a hole in a file, and
 * zeros in a pipe or in a file opened for appending.
 */
#ifndef SIM_OUTPUT_H
#define SIM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output {
	bool holes;        /* output is a file, and a file can have holes */
	bool hole_last;    /* the output ends with a hole */
	char message[256]; /* why the output failed, or "" */
};

/*
 * Begins the output.  Returns 0, or -1 with a message if standard output is a
 * terminal.
 */
int output_begin(struct output *output, char *err, size_t err_bytes);

/*
 * Each function returns 0, or -1; after an error all later calls fail.  An
 * interrupt ends a gap of zeros with an error.
 */
int output_bytes(struct output *output, const void *bytes, uint64_t count);
int output_gap(struct output *output, uint64_t count);
int output_end(struct output *output);

#endif

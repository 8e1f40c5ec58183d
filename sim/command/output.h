/*
 * output.h: the bytes of a dump that is read, on standard output.
 *
 * Every byte has its place: a gap becomes a hole in a file, and zeros in a
 * pipe or behind what a file has already.
 */
#ifndef SIM_OUTPUT_H
#define SIM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output {
	bool holes;        /* it is a file that can be left out of */
	bool hole_last;    /* the last that was put was a hole */
	char message[256]; /* why it failed, or "" */
};

/* 0; -1 with a sentence where it is a terminal. */
int output_begin(struct output *output, char *err, size_t err_bytes);

/*
 * Each returns 0; -1 where it failed, as all later ones do.  An interrupt fails
 * a gap that is filled up.
 */
int output_bytes(struct output *output, const void *bytes, uint64_t count);
int output_gap(struct output *output, uint64_t count);
int output_end(struct output *output);

#endif

/*
 * sum.h: checksums by xxHash, with the best vector instructions of the
 * processor.
 *
 * The library is compiled for the least processor.  If it has code for better
 * ones too (x86_64), that code is chosen when the program runs; the sums are
 * the same.
 *
 * Two kinds: the XXH128 of a stream, as xxhsum -H2 prints it, and the 64-bit
 * XXH3 of a block.  One thread at a time uses a struct sum.
 */
#ifndef SPLITTER_SUM_H
#define SPLITTER_SUM_H

#include <stdint.h>

enum { SUM_TEXT_BYTES = 33 }; /* 32 digits and the terminating zero */

struct sum;

/* Creates the checksum of no bytes.  Returns NULL if there is no memory. */
struct sum *sum_new(void);

/* Resets the checksum to that of no bytes. */
void sum_reset(struct sum *sum);

/* Adds the next `bytes` of the stream. */
void sum_add(struct sum *sum, const void *data, uint64_t bytes);

/* Writes the XXH128 of all bytes since the reset, in hexadecimal. */
void sum_text(const struct sum *sum, char text[SUM_TEXT_BYTES]);

/* Copies the state of `from` to `to`. */
void sum_copy(struct sum *to, const struct sum *from);

void sum_free(struct sum *sum);

/* Writes the XXH128 of contiguous bytes, in hexadecimal. */
void sum_text_of(const void *data, uint64_t bytes, char text[SUM_TEXT_BYTES]);

/* Returns the 64-bit XXH3 of a block. */
uint64_t sum_block(const void *data, uint64_t bytes);

#endif

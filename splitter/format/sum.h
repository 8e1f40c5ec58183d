/*
 * sum.h: checksums, by xxHash, with the vector instructions that there are.
 *
 * The library is compiled for the least of processors.  Where it brings code
 * for better ones too (x86_64) that is used, chosen when the program runs; the
 * sums are the same.
 *
 * Two kinds: the XXH128 of a stream, as xxhsum -H2 prints it, and the XXH3 of
 * 64 bits of a block.  One thread at a time uses a struct sum.
 */
#ifndef SPLITTER_SUM_H
#define SPLITTER_SUM_H

#include <stdint.h>

enum { SUM_TEXT_BYTES = 33 }; /* 32 digits, and the end */

struct sum;

/* A sum of nothing yet; NULL if there is no memory. */
struct sum *sum_new(void);

/* Begins anew. */
void sum_reset(struct sum *sum);

/* The next `bytes` of the stream. */
void sum_add(struct sum *sum, const void *data, uint64_t bytes);

/* The XXH128 of what was added since the reset, in hexadecimal. */
void sum_text(const struct sum *sum, char text[SUM_TEXT_BYTES]);

/* Makes `to` what `from` is: both may be gone on with. */
void sum_copy(struct sum *to, const struct sum *from);

void sum_free(struct sum *sum);

/* The XXH128 of what lies in a row, in hexadecimal. */
void sum_text_of(const void *data, uint64_t bytes, char text[SUM_TEXT_BYTES]);

/* The XXH3 of 64 bits of a block. */
uint64_t sum_block(const void *data, uint64_t bytes);

#endif

/*
 * fuzz_seeds.h: shared by the programs for libFuzzer: blocks that get a valid
 * checksum, and initial headers.
 */
#ifndef SPLITTER_TESTS_FUZZ_SEEDS_H
#define SPLITTER_TESTS_FUZZ_SEEDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A block of exactly these bytes, so that a read beyond it is detected; signed,
 * followed by a line with the checksum of a header.  The caller frees it.
 */
char *fuzz_block(bool is_signed, const void *bytes, size_t count,
    size_t *block_bytes);

/* Headers of each type, one file each. */
void fuzz_header_seeds(const char *folder);

/* Volumes in the form of scan_fuzz.c, one file each. */
void fuzz_scan_seeds(const char *folder);

#endif
